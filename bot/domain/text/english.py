"""English phrases that are not content: greetings, answers, nags, resend marks, fillers."""

import re

# All patterns meet folded text without punctuation; for the kinds see japanese.py.
_GREET = (
    r"(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|greetings|hiya|yo)(?: (?:all|team|there"
    r"|everyone|guys|folks|support|sir|madam|sirs|sir or madam|to whom it may concern|support team"
    r"|[a-z]{2,12}))?"
    r"|(?:(?:best|kind|warm)? ?regards|sincerely|cheers|best wishes|to whom it may concern|have a (?:nice"
    r"|good|great) (?:day|one|weekend))"
    r"|sorry(?: (?:for|to) (?:the )?(?:bother|trouble|inconvenience|spam|bothering you|the spam)(?: "
    r"(?:you )?again)?)?|excuse me"
    r"|(?:i )?hope (?:this (?:email|message) finds you well|(?:you|everyone|all)(?: are"
    r"| is)?(?: all)?(?: doing)? (?:well|fine|good))"
)
_ACK = (
    r"(?:(?:ah|oh|aha|hm+|um+|well) )?(?:ok|okay|okey|oki|o+k+(?:ay|ey|ie)?s?|k|kk|y+e+a*[hs]*|yep+|yup+|yessir|ya|no+"
    r"|nope|na+h*|naw|b+a+h+|me+h+|mhm+|hm+"
    r"|um+|uh+|ah+|oh+|aha+|ugh+|argh+|he+h+|(?:ha)+h?|(?:he)+|lmao|rofl|duh|welp|ooh+|eh+|huh|pff+t?|tsk|sure|fine"
    r"|right|correct|exactly|indeed|alright"
    r"|all right|all good|perfect|great|nice|cool|awesome|excellent|good|very good|sounds good|received"
    r"|you too|bye|goodbye|will check|i will check|cheers mate|w+|works"
    r"|works for me|that works"
    r"|got it|gotcha|understood|i see|i understand|makes sense|noted|roger|will do|done|all done|fixed|solved"
    r"|resolved|it works|it works now|works now|working now|never ?mind|nvm|no problem|np|no worries"
    r"|of course|absolutely|agreed|lol|haha|wow"
    r"|(?:ok |okay |great |perfect |many |got it |cool |awesome |yes |no )*(?:thanks|thank you|thx|ty|tysm"
    r"|cheers|much appreciated|i appreciate it|appreciated)(?: (?:a lot|so much|very much|again|in advance"
    r"|everyone|all|guys|team|for (?:the|your) (?:quick |fast |prompt )?(?:help|reply|response|support|update"
    r"|info|information)))*"
    r"|(?:ok|okay|yes|no|yep|sure|great|cool|fine)(?: (?:ok|okay|please|thanks|sure|great|got it|will do|then"
    r"|good|that is fine|that works|that worked|i see|not yet))+|that is (?:fine|ok|right|correct|all|it"
    r"|great|perfect)"
    r"|you are welcome|same here|me too)"
)
_STILL = r"(?:no )?not yet|still not|still no|(?:still )?nothing(?: yet| new)?"
_NAG = (
    r"(?:hello )?(?:any|is there any|are there any) (?:update|updates|news|progress|luck|response|reply"
    r"|answer|word|eta)(?: (?:on|about) (?:this|it|that|my (?:ticket|request|issue|case|message)))?(?: yet"
    r"| please)*"
    r"|(?:hello )?(?:i am |we are |im )?still (?:waiting|here|no (?:answer|reply|response|update|news|word))"
    r"(?: (?:for|on) (?:a|an|your|the|any|you)? ?(?:reply|response|answer|update|you|help|this))?(?: here"
    r"| on this)?"
    r"|(?:i am |we are )?waiting(?: (?:for|on) (?:a|an|your|the|any)? ?(?:reply|response|answer|update|you))?"
    r"(?: here)?|(?:just )?(?:following up|checking in|bumping|circling back|bump|ping|up|reminder|nudge)(?: "
    r"(?:on|about|with) (?:this|it|that|my (?:ticket|request|issue|message|last message)))?(?: again)?"
    r"|(?:please )?(?:reply|respond|answer|write back|get back)(?: (?:to me|me|back|to my message|to us|asap"
    r"|now|already|please|at least))*|(?:please )?(?:asap|urgent|urgently|immediately|right now|hurry"
    r"|hurry up|now|quickly|quick|come on|already|today please)(?: please)?"
    r"|(?:did|have|has|can|could) (?:you|anyone|anybody|someone) (?:see|get|read|seen|got|receive|received"
    r"|look at|check|even read)(?: (?:this|it|my (?:message|last message|email|mail|ticket)|that))?(?: yet)?|"
    r"(?:is |are )?(?:anyone|anybody|someone|you)(?: (?:here|there|home|alive|listening|around|even there))+"
    r"|why (?:is (?:no one|nobody) (?:answering|replying|responding)|(?:are|do) you (?:not )?(?:ignoring me"
    r"|answering|reply|answer|respond)|no (?:reply|answer|response))|do not ignore (?:me|this)"
    r"|how (?:much )?long(?:er)?(?: do i have to wait| will (?:it|this) take| must i wait)?|what is "
    r"(?:going on|happening|the (?:status|holdup|hold up))|(?:no|not a single) (?:reply|answer|response)"
    r"(?: yet| again)?|when will you (?:reply|answer|respond)|(?:this is )?unacceptable|ridiculous|i need "
    r"(?:an answer|a reply|this)(?: (?:now|asap|today))?"
)
_MARK = (
    r"(?:resend|resending|re-?sending|resent|repost|reposting|sending again|sending (?:this|it) again|"
    r"(?:i am )?(?:re)?sending (?:this|it) (?:again|once more)|again|once again|once more|one more time|copy"
    r"|same (?:question|issue|message|problem|request)(?: again)?)(?: (?:this|it|my (?:message|request"
    r"|question)|in case you missed it))?"
    r"|(?:this is |for |it is |now )?(?:the |my )?(?:\d+(?:st|nd|rd|th)?|first|second|third|fourth|fifth"
    r"|sixth|seventh|eighth|ninth|tenth|last|final|umpteenth|nth) (?:time|try|attempt|reminder|message"
    r"|request|email|mail|notice)(?: (?:asking|i ask|i have asked|i am asking|now|already|today|i am writing"
    r"|writing|i write|sending this|in a row|that i ask))*"
    r"|(?:as|like) (?:i |we )?(?:have )?(?:already )?(?:said|wrote|asked|mentioned|written|stated|told you"
    r"|explained)(?: (?:before|already|earlier|above|previously|yesterday|you))*|(?:i|we) (?:have )?"
    r"(?:already )?(?:said|asked|wrote|told you|repeat|am asking)(?: (?:this|it|you|again|before|already"
    r"|twice|once))*|(?:i (?:will )?)?(?:repeat|asking again|i ask again|ask again|i will ask again)|"
    r"(?:message|reminder|attempt|request) \d+"
)
FAMILY = re.compile(
    rf"(?P<ack>(?:{_ACK}))|(?P<still>(?:{_STILL}))|(?P<greet>(?:{_GREET}))|(?P<mark>(?:{_MARK}))|(?P<nag>(?:{_NAG}))"
)

OPENING = re.compile(
    r"(?:(?:(?:re|fwd?|fw|aw|sv|subject)(?:\[\d+\])?|resend|resending|resent|repost|reminder(?: ?[ #]?\d+)?|bump"
    r"|again|urgent|fyi)(?=[:,])"
    r"|(?<![a-z])(?:hey(?: there| guys| team)?|hi(?: there| team| all| guys)?|hello(?: there| team| all)?|yo"
    r"|um+|uh+|er+|hmm+|ok so|okay so|ok|okay|please|kindly|come on|seriously|honestly|guys|again|once again"
    r"|once more|i repeat|i said|as i said(?: before| already| earlier)?|like i said"
    r"|as (?:already )?(?:mentioned|stated|written)(?: before| above| earlier)?|as i (?:have )?(?:already )?"
    r"(?:wrote|asked|mentioned|told you|explained)(?: before| already| earlier)?|sorry(?: but| to bother"
    r"(?: you)?(?: again)?| for the (?:spam|trouble|bother))?|excuse me"
    r"|pardon|omg|wtf|actually|basically|just|still|asking again|i am asking again|i will ask again|for the "
    r"(?:last|second|third|fourth|\d+(?:nd|rd|th)) time"
    r"|(?:this is )?(?:the |my )?(?:\d+(?:st|nd|rd|th)|second|third|fourth|fifth|last) (?:time|try|attempt"
    r"|reminder|request|message)(?: (?:asking|i ask|i am asking|now))?|(?:can|could|will|would) you(?: please"
    r"| kindly)?(?! (?:not|even|see|tell me why))|i (?:would )?(?:need|want|like) you to|i am (?:just )?"
    r"(?:asking|begging) you(?: to)?|urgent|asap)(?![a-z'])"
    r"|(?<![a-z])(?:no|yes|but|and|so|well|look|listen|oh|also|then|now)(?=,)"
    r"|(?<![a-z])(?:so|and|but|well|now|then)(?= (?:where|what|when|why|how|who|can|could|is|are|do|does|did"
    r"|will|would)(?![a-z])))"
    r"[\s、,:;!.\-~]*"
)
TRAILING = re.compile(
    r"[\s,.!]+(?:please|asap|now|already|again|immediately|urgently|urgent|right now|right away|thanks"
    r"|thank you|thx|cheers|thanks in advance|thank you in advance|any update|any news|still waiting|hurry"
    r"|hurry up|hello|guys|team|come on|for (?:god|christ|heaven|goodness|pete)s? sakes?|damn it|lol|ffs"
    r"|as soon as possible|ok|okay)(?![a-z])[\s!.,。]*$"
)
WONDERS = re.compile(
    r"(?:what|why|when(?! (?:i|we|you|the|my|our|they|he|she|it|this|that|an?|someone|users?|people)(?![a-z]))|where"
    r"|who|whom|whose|which|how|is|are|am|was|were|do|does|did|can|could|will|would"
    r"|should|shall|may|might|has|have|had|any|anyone)(?![a-z])"
)
STATES = re.compile(
    r"(?:when|while|if|i|we|my|our|the|this|that|it|he|she|they|you|your|there|these|those|its)(?![a-z])"
)
