"""Families of phrases that are not content: greetings, answers, nags, resend marks, fillers."""

import re

# All patterns meet folded text (NFKC, casefold, katakana as hiragana). GREET opens or closes, ACK answers, STILL says
# "not yet", MARK says that this is a repeat: none of them counts alone. NAG counts when there is nothing else.
_THANKS_JA = r"(?:(?:どうも|本当に|ほんとに|誠に|まことに|早速|いつも|大変|ご?(?:対応|回答|返信|連絡|確認|教示|丁寧に|親切に))(?:の?ほど|いただき|に|を|して(?:くれて|いただき|くださり))?)*ありがと.{0,16}"
_LEAD = r"(?:それでは|では|以上|何卒|なにとぞ|どうぞ|どうか|引き続き|今後とも|重ねて|改めて|あらためて|まずは|取り急ぎ|お忙しいところ|お忙しい中|お手数ですが|お手数をおかけしますが|恐れ入りますが|恐縮ですが|大変|本当に|誠に)*"
GREET_JA = (
    rf"{_LEAD}(?:いつも|平素より|平素は|毎々|日頃より)?(?:大変|格別の)?(?:お世話|おせわ)に?(?:様|さま)?(?:なって(?:おり|い)ます|なります|なりました|です|になって(?:おり|い)ます|なってます)"
    r"|お疲れ(?:様|さま)?(?:です|でした|でございます)?|おつかれ.{0,8}"
    rf"|{_LEAD}(?:ご?(?:対応|確認|検討|返信|連絡|査収|手配|回答|教示|協力)(?:の?ほど|を)?)?(?:どうぞ)?(?:よろしく|宜敷く)(?:お願い)?(?:いたし|致し|申し上げ|もうしあげ|し)?(?:ます|たく.{0, 8}|たい.{0, 6})?ね?"
    rf"|{_LEAD}ご?(?:対応|確認|検討|返信|連絡|査収|手配|回答|教示|協力)(?:の?ほど|を)?(?:お願い|頂け|いただけ|ください).{{0,14}}"
    r"|おはよう(?:ございます)?|こんにち[はわ]|こんばん[はわ]|(?:はじめまして|初めまして)|ご無沙汰.{0,12}|夜分.{0,14}|突然の(?:ご連絡|めーる).{0,14}"
    rf"|{_LEAD}(?:失礼(?:いた)?し(?:ます|ました)|失礼ですが)|{_LEAD}(?:すみません|すいません|申し訳(?:ない|ありません|ございません)(?:です)?|恐れ入ります|恐縮です|ごめん(?:なさい)?)(?:が|けど)?"
    rf"|{_LEAD}お(?:手数|手間)(?:を)?(?:お?かけ|お?掛け).{{0,10}}|お手数ですが|{_LEAD}お忙しい(?:ところ|中).{{0,14}}|以上(?:です|になります|となります)?|拝啓|敬具|前略|草々"
    r"|もしもし|おーい|おい|おおい|ねえ|あの|あのさ|あのね|えっと|ご?担当者?(?:様|さま)(?:へ)?|さぽーと(?:でしく)?(?:の)?(?:皆様|御中|様|さん)?|各位|御中"
    r"|(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|greetings|hiya|yo)(?: (?:all|team|there|everyone|guys|folks|support|sir|madam|sirs|sir or madam|to whom it may concern|support team|[a-z]{2,12}))?"
    r"|(?:(?:best|kind|warm)? ?regards|sincerely|cheers|best wishes|to whom it may concern|have a (?:nice|good|great) (?:day|one|weekend))"
    r"|sorry(?: (?:for|to) (?:the )?(?:bother|trouble|inconvenience|spam|bothering you|the spam))?|excuse me|i hope (?:this (?:email|message) finds you well|you are well|all is well)"
)
_OK_JA = r"(?:はい|うん|ええ|いいえ|いえ|いや|ううん|はーい|へい|おけ|おっけー?|おk|りょ|りょうかい)"
_GOT = r"(?:了解|承知|承諾|かしこまり|かしこまっ|わかり|わかっ|分かり|分かっ|判り|把握|確認|理解|納得|拝見|受領|完了|解決|送信|対応|設定|変更|登録)"
ACK_JA = (
    rf"(?:{_OK_JA}|それなら|では|じゃあ|あ|ああ|おお|あー)*(?:{_OK_JA}|(?:それで|これで|そちらで|こちらで)?(?:大丈夫|結構|けっこう|おっけー?|ok|問題ない|だいじょうぶ)(?:です|でした|だ)?(?:よ|ね)?)"
    rf"|{_OK_JA}*(?:まずは|取り急ぎ)?{_THANKS_JA}"
    rf"|{_OK_JA}*(?:既に|すでに|無事に?|先ほど|今|さっき|もう)?{_GOT}(?:いたし|致し|でき|し)?(?:まし|であり)?(?:た|です|ます|っす)?(?:よ|ね)*"
    rf"|{_OK_JA}*(?:大変|とても|すごく|本当に|ほんとに)?(?:助かり(?:ます|ました)|助かった(?:です)?|たすかり.{{1,4}}|たすかった)(?:よ|ね)*"
    r"|(?:問題|異常|不具合|異存|質問)(?:は|も)?(?:ない|なし|ありません|なさそう|ございません|ありませんでした)(?:です)?(?:ね|よ)?"
    r"|(?:無事に?|やっと|ようやく|今|全部)?(?:でき|出来|終わり|おわり|直り|なおり|治り|届き|とどき|受け取り|送り|おくり|入れ|見れ|見られ|開け|つながり|繋がり)ました(?:よ|ね)*"
    r"|(?:でき|出来)た(?:よ|ー)?|おわった|終わった|直った|なおった|届いた|済み(?:です)?|やりました|試しました|(?:やって|試して|確認して|見て)みます(?:ね)?|待ちます|お待ちします|確認します(?:ね)?"
    r"|なるほど(?:です)?(?:ね)?|そう(?:です|だ|なん(?:です|だ))?(?:か|ね|よ|よね)*|そっか|そうなんですね|へえ|ふむ(?:ふむ)?|いいです(?:ね|よ)?|いいよ|いいね|よかった(?:です)?(?:ね)?|良かった(?:です)?(?:ね)?|嬉しいです|うれしいです"
    r"|(?:それ|これ|そちら|こちら|その(?:方向|内容|形|日程))で(?:お願い|おねがい|大丈夫|問題|結構|いい|よろしく|進めて).{0,14}|(?:ぜひ|是非)?(?:お願い|おねがい)(?:いたし|致し|し)?ます(?:ね)?"
    r"|さすが(?:です)?|すごい(?:です)?(?:ね)?|素晴らしい(?:です)?|最高(?:です)?|お見事|感謝(?:です|します|しております)?|感謝いたします|おつ|乙|どうも|どういたしまして|違います|ちがいます|ちがう|違う"
    r"|(?:ok|okay|k|kk|yes|yep|yeah|yup|ya|no|nope|nah|sure|fine|right|correct|exactly|indeed|alright|all right|all good|perfect|great|nice|cool|awesome|excellent|good|very good|sounds good|works|works for me|that works"
    r"|got it|gotcha|understood|i see|i understand|makes sense|noted|roger|will do|done|all done|fixed|solved|resolved|it works|it works now|works now|working now|never ?mind|nvm|no problem|np|no worries|of course|absolutely|agreed|lol|haha|wow"
    r"|(?:ok |okay |great |perfect |many |got it |cool |awesome |yes |no )*(?:thanks|thank you|thx|ty|tysm|cheers|much appreciated|i appreciate it|appreciated)(?: (?:a lot|so much|very much|again|in advance|everyone|all|guys|team|for (?:the|your) (?:quick |fast |prompt )?(?:help|reply|response|support|update|info|information)))*"
    r"|(?:ok|okay|yes|no|yep|sure|great|cool|fine)(?: (?:ok|okay|please|thanks|sure|great|got it|will do|then|good|that is fine|that works|i see|not yet))+|that is (?:fine|ok|right|correct|all|it|great|perfect)|you are welcome|same here|me too)"
)
STILL = r"(?:いいえ|いえ|いや|はい|うん|あ)?(?:いまだ|まだ)(?:です|だ|だよ|ですね|ですよ|だめです|なんです|なん|みたいです|ですが|ですけど)*|もう少し(?:です)?|(?:no )?not yet|still not|still no|nothing yet"
_DO = r"(?:に|急ぎで)?(?:返事|返信|連絡|回答|対応|回答|へんじ|反応|応答|答え|こたえ|返答)?(?:を|は)?(?:し|やっ|ください|答え|返し|よこし)?"
_WANT = r"(?:て|で)?(?:ください|くれ|ほしい|よ|ね|お願い(?:し|いたし|致し)?(?:ます)?|です|しろ|せよ|しなさい|もらえ(?:ます|ません)か|いただけ(?:ます|ません)(?:か|でしょうか)|頼む|頼みます|たのむ|ん|って|ってば|や|ます)*"
_URGE = r"(?:お?早く|はやく|お?早め|至急|大至急|急いで|急ぎ|今すぐ|いますぐ|すぐ|さっさと|直ちに|ただちに|とにかく|いい加減(?:に)?|いいかげん(?:に)?|緊急(?:です|で)?|なるはや(?:で)?|頼むから|お願いだから|まだ|もう)"
NAG_JA = (
    rf"{_URGE}+{_DO}{_WANT}"
    rf"|(?:もう|いったい|一体|いまだ|いつまで|まだ)*(?:まだ|いつまで)(?:でしょう|です|なん(?:です|でしょう)|っす|なの|待たせ(?:る|て)|待てば(?:いい)?)*(?:か|かな|かよ|かね|の|よ|んです|ん|のです|気です|つもり(?:です)?)*"
    r"|(?:まだ)?(?:ご?(?:返事|返信|連絡|回答|返答|反応|応答|対応))(?:は|が|を|も)?(?:まだ|ない|来ない|来ません|きません|ありません|ございません|いただけ.{0,8}|もらえ.{0,6}|どう|いつ)*(?:です|でしょう|なん)*(?:か|よ|が|けど|ね|の)*"
    rf"|ご?(?:返事|返信|連絡|回答|返答|反応|応答|へんじ)(?:を|は)?(?:し|早く|はやく|早急に|至急|お早めに)*{_WANT}"
    r"|(?:お?返事|ご?返信|ご?連絡|ご?回答|返答|対応)?(?:を|が)?(?:心より|ずっと|もう|首を長くして)*(?:お待ち|待って|まって)(?:て|して|い|おり|る|ます|た|ん|です|の|が|けど|よ|ね|から)*"
    r"|(?:その後|あの件|例の件)?(?:は|って)?(?:どう|いかが)(?:なって(?:い|おり)?(?:ます|る)|なりました|なった|です|でしょう)+(?:か|の|ん|んですか|でしょうか)*|(?:進捗|状況)(?:は|って)?(?:いかが|どう)?(?:です|でしょう|なって)*(?:か)?"
    r"|(?:誰|だれ)か(?:いま(?:す|せん)|い(?:る|ない)|見て|答えて|返事)(?:か|の|んですか|ます|ください|よ)*|(?:聞い|きい|見|読ん|聞こえ|生き|届い)[てで]い?(?:ます|る|ん)(?:です)?(?:か|の)?(?:ね)?|無視(?:しない|です|する|して|され|しな)(?:で|か|な|ます|ください|てる|い|る|の|ん|よ)*"
    r"|(?:hello )?(?:any|is there any|are there any) (?:update|updates|news|progress|luck|response|reply|answer|word|eta)(?: (?:on|about) (?:this|it|that|my (?:ticket|request|issue|case|message)))?(?: yet| please)*"
    r"|(?:hello )?(?:i am |we are |im )?still (?:waiting|here|no (?:answer|reply|response|update|news|word))(?: (?:for|on) (?:a|an|your|the|any|you)? ?(?:reply|response|answer|update|you|help|this))?(?: here| on this)?"
    r"|(?:i am |we are )?waiting(?: (?:for|on) (?:a|an|your|the|any)? ?(?:reply|response|answer|update|you))?(?: here)?|(?:just )?(?:following up|checking in|bumping|circling back|bump|ping|up|reminder|nudge)(?: (?:on|about|with) (?:this|it|that|my (?:ticket|request|issue|message|last message)))?(?: again)?"
    r"|(?:please )?(?:reply|respond|answer|write back|get back)(?: (?:to me|me|back|to my message|to us|asap|now|already|please|at least))*|(?:please )?(?:asap|urgent|urgently|immediately|right now|hurry|hurry up|now|quickly|quick|come on|already|today please)(?: please)?"
    r"|(?:did|have|has|can|could) (?:you|anyone|anybody|someone) (?:see|get|read|seen|got|receive|received|look at|check|even read)(?: (?:this|it|my (?:message|last message|email|mail|ticket)|that))?(?: yet)?|(?:is |are )?(?:anyone|anybody|someone|you)(?: (?:here|there|home|alive|listening|around|even there))+|why (?:is (?:no one|nobody) (?:answering|replying|responding)|(?:are|do) you (?:not )?(?:ignoring me|answering|reply|answer|respond)|no (?:reply|answer|response))|do not ignore (?:me|this)"
    r"|how (?:much )?long(?:er)?(?: do i have to wait| will (?:it|this) take| must i wait)?|what is (?:going on|happening|the (?:status|holdup|hold up))|(?:no|not a single) (?:reply|answer|response)(?: yet| again)?|when will you (?:reply|answer|respond)|(?:this is )?unacceptable|ridiculous|i need (?:an answer|a reply|this)(?: (?:now|asap|today))?"
)
_TIMES = r"(?:\d+|[一二三四五六七八九十何]+)"
_SAID = r"(?:申し上げ|申し|言い|言っ|いい|いっ|お伝えし|伝え|送信し|お送りし|送り|送っ|送信|聞き|聞い|お聞きし|書き|書い|お願いし|連絡し|ご連絡し|質問し|問い合わせ|お問い合わせし|頼み|頼ん|投稿し|メッセージし)"
_SAID_END = r"(?:まし|てい?|でい?)?(?:ます|た|る|ん)*(?:通り|とおり|よう|の|です|が|けど|けれど|よね|よ|ね|はず|に|と|んだ|だ|も|件)*"
MARK = (
    rf"(?:これで|もう|今回で|今日|本日)?{_TIMES}(?:通|回|度|件)(?:目|め)(?:の(?:連絡|ご連絡|問い合わせ|お問い合わせ|質問|お願い|送信|めーる|めっせーじ|催促))?(?:になり(?:ます|ました)|です|だ|となります|なん)*(?:よ|ね|が|けど|から)*"
    rf"|(?:先ほど|先程|さきほど|さっき|先日|前に|以前|昨日|今朝|{_TIMES}(?:度|回|通)|何度|何回|すでに|既に|前)(?:に|か|も|から)*(?:同じ(?:こと|内容|もの)を?)?{_SAID}{_SAID_END}"
    rf"|(?:上記|前述|前回|同じ(?:こと|内容|質問))(?:の|を|で)?(?:通り|件|{_SAID})?{_SAID_END}"
    r"|(?:再送|再掲|再投稿|再送信|再|再再送|再度|再々送|りまいんど|催促|繰り返し|くりかえし|もう一度|もういちど|念のため|念の為)(?:の)?(?:再送|ご連絡|連絡|送り|お送り|送信|送|言い|書き|めーる)?(?:(?:になり|いたし|致し|し|申し上げ)?(?:ます|ました|です))?(?:が|けど|ね)*"
    r"|(?:二重|重複|連投|連続投稿|二回|二度|2回|2度)(?:に|で)?(?:送(?:信|って|ってしまい|り)?|投稿)?(?:して)?(?:しまい|し)?(?:すみません|失礼(?:しました)?|ました|ます)*"
    r"|(?:resend|resending|re-?sending|resent|repost|reposting|sending again|sending (?:this|it) again|(?:i am )?(?:re)?sending (?:this|it) (?:again|once more)|again|once again|once more|one more time|copy|same (?:question|issue|message|problem|request)(?: again)?)(?: (?:this|it|my (?:message|request|question)|in case you missed it))?"
    r"|(?:this is |for |it is |now )?(?:the |my )?(?:\d+(?:st|nd|rd|th)?|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last|final|umpteenth|nth) (?:time|try|attempt|reminder|message|request|email|mail|notice)(?: (?:asking|i ask|i have asked|i am asking|now|already|today|i am writing|writing|i write|sending this|in a row|that i ask))*"
    r"|(?:as|like) (?:i |we )?(?:have )?(?:already )?(?:said|wrote|asked|mentioned|written|stated|told you|explained)(?: (?:before|already|earlier|above|previously|yesterday|you))*|(?:i|we) (?:have )?(?:already )?(?:said|asked|wrote|told you|repeat|am asking)(?: (?:this|it|you|again|before|already|twice|once))*|(?:i (?:will )?)?(?:repeat|asking again|i ask again|ask again|i will ask again)|(?:message|reminder|attempt|request) \d+"
)
FAMILY = re.compile(
    rf"(?P<ack>(?:{ACK_JA}))|(?P<still>(?:{STILL}))|(?P<greet>(?:{GREET_JA}))|(?P<mark>(?:{MARK}))|(?P<nag>(?:{NAG_JA}))"
)
FAMILY_MAX = 48  # a longer sentence says more than a phrase of these families

_SEP = r"[\s、,:;・!.。\-~ー]*"
OPENING = re.compile(
    r"(?:"
    r"(?:あの(?:[ー、,\s]|さ[ー、,\s]|ね[ー、,\s]|う)|えっと|えー?と|ええと|うーん|ねえ|ねー?[、,\s]|おい(?=[、,\s!]|$)|おーい|こら|ほら|もしもし|はあ[、,\s]|はぁ[、,\s]|え[、,]|あ[、,]"
    r"|ちょっと(?![しずだのでま])|だーか?ら|だから(?!こそ|と)|ですから|ですので|なので|それで[、,\s]?|で[、,]|てか[、,\s]?|ていうか|というか[、,]|っていうか|とにかく|とりあえず|いいから"
    r"|(?:大変)?(?:すみません|すいません|申し訳(?:ない|ありません|ございません)(?:です)?|恐れ入ります|恐縮です|ごめんなさい|お手数です|失礼です|たびたびすみません|度々すみません|何度もすみません|お手数(?:を)?おかけします|お忙しいところ(?:すみません|恐れ入ります|恐縮です)?|夜分にすみません)(?:が|けど|けれど)?"
    r"|いや[、,\s]|いやいや|(?:はい|いいえ|いえ|うん)[、,\s]|もう(?=[、,\s]|いい加減|いいかげん)|まじで|ほんとに|本当に|頼むから|頼む[、,\s]|お願いだから|お願い[、,\s!]|お願いします[、,\s!]|どうか|ぜひ|是非"
    r"|いい加減に?|いいかげんに?|お?早く|はやく|大?至急|急ぎで|急いで|今すぐに?|いますぐに?|すぐに|さっさと|いったい|一体|まだ[、,]|緊急[:、,\s]|なんか|何度も言いますが|何回も言いますが|もう一度[、,\s]|再度[、,\s]|ところで|あと[、,]|それと[、,]"
    rf"|(?:これで|もう|今回で)?{_TIMES}(?:通|回|度)(?:目|め)(?:になります|です|だ|なん|の(?:連絡|お願い|質問|めーる|催促|送信|問い合わせ)(?:です|になります)?)*(?:よ|ね|が|けど)*(?=[、,:\s!]|お願い)"
    rf"|(?:先ほど|先程|さきほど|さっき|先日|前に|以前|昨日|今朝|{_TIMES}(?:度|回|通)|何度|何回)(?:に|か|も|から)*{_SAID}(?:まし|てい?|でい?)?(?:ます|た|る|ん)*(?:の|です)*(?:通り|とおり|ように|が|けど|けれど)(?:です|ですが)?)"
    r"|[\[(<【「『〈《*]+(?:再送|再掲|再投稿|再送信|再|再々|再度|再再送|りまいんど|催促|至急|大至急|緊急|重要|急ぎ|要返信|要対応|\d+(?:通|回|度)目|resend|resent|resending|repost|reminder|urgent|important|bump|again|fwd?|re|2nd|3rd|(?:2nd|3rd|\d+th|second|third|last|final) (?:time|request|reminder|notice|try))\d{0,2}[\])>】」』〉》*]+"
    r"|(?:(?:re|fwd?|fw|aw|sv|返信|転送|件名|subject)(?:\[\d+\])?|再送|再掲|再投稿|再送信|再再?|りまいんど|resend|resending|resent|repost|reminder(?: \d+)?|bump|again|urgent|fyi)(?=[:、,])"
    r"|(?<![a-z])(?:hey(?: there| guys| team)?|hi(?: there| team| all| guys)?|hello(?: there| team| all)?|yo|um+|uh+|er+|hmm+|well|so|ok so|okay so|ok|okay|please|kindly|come on|seriously|honestly|look|listen|guys|again|once again|once more|i repeat|i said|as i said(?: before| already| earlier)?|like i said"
    r"|as (?:already )?(?:mentioned|stated|written)(?: before| above| earlier)?|as i (?:have )?(?:already )?(?:wrote|asked|mentioned|told you|explained)(?: before| already| earlier)?|sorry|sorry but|excuse me|pardon|but|and|also|oh|omg|wtf|actually|basically|just|still|asking again|i am asking again|i will ask again|for the (?:last|second|third|fourth|\d+(?:nd|rd|th)) time"
    r"|(?:this is )?(?:the |my )?(?:\d+(?:st|nd|rd|th)|second|third|fourth|fifth|last) (?:time|try|attempt|reminder|request|message)(?: (?:asking|i ask|i am asking|now))?|(?:can|could|will|would) you(?: please| kindly)?(?! (?:not|even|see|tell me why))|i (?:would )?(?:need|want|like) you to|i am (?:just )?(?:asking|begging) you(?: to)?|urgent|asap|no|yes)(?![a-z'])"
    rf"){_SEP}"
)
TRAILING = re.compile(
    r"(?:[\s、,。!.]*(?:(?<=[てでいすよねだた、,\s!])(?:お?早く|はやく|至急|大至急|今すぐ|いますぐ|すぐに?|まだ(?:です)?か|まだ|お願いだから|頼む(?:から)?|まじで|ほんとに|本当に|とにかく|いい加減に?|(?:って|と)(?:何度も)?(?:言って|いって|言った|いった|言い)(?:い?る|ます|ん|で|だ|です|の|し|よ|だろ|でしょ)*|ってば"
    r"|どうなって(?:い?(?:る|ます)|ん|の|です|か)*))"
    r"|[\s,.!]+(?:please|asap|now|already|again|immediately|urgently|urgent|right now|right away|thanks|thank you|thx|cheers|thanks in advance|thank you in advance|any update|any news|still waiting|hurry|hurry up|hello|guys|team|come on|for (?:god|christ|heaven|goodness|pete)s? sakes?|damn it|lol|ffs|as soon as possible|ok|okay)(?![a-z]))[\s!.,。]*$"
)
WONDERS_EN = re.compile(
    r"(?:what|why|when|where|who|whom|whose|which|how|is|are|am|was|were|do|does|did|can|could|will|would|should|shall|may|might|has|have|had|any|anyone)(?![a-z])"
)
STATES_EN = re.compile(r"(?:i|we|my|our|the|this|that|it|he|she|they|you|your|there|these|those|its)(?![a-z])")
INTRO = re.compile(r".{1,30}(?:です|と申します|ともうします|でございます|だ)|(?:this is|my name is|i am) .{2,40}")
ADDRESSED = re.compile(r".{1,24}(?:御中|各位|(?:様|さま|さん|殿|先生)(?:へ)?)")
