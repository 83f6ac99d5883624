"""Sentences that only speak of writing: that this is sent again, whether it was read, that no answer came."""

import re


def _without_length(pattern: str) -> re.Pattern[str]:
    """The pattern for texts from which the mark of length was taken."""
    return re.compile(pattern.replace("ー", ""))


# A sentence is told by its words: all of it must be made of these. Loops are possessive, so work stays linear.
_AGAIN = (
    r"再[々再]*(?:送信?|投稿|掲載?|度|連絡|び)|再々|もう(?:一|1|いち)?(?:度|回|ど)|もう(?:一|1)通|もういっかい|今一度"
    r"|いま一度"
    r"|(?:何|なん)(?:度|回|ど)も|幾度も|重ねて|かさねて|重ね重ね|繰り?返し|くりかえし|た[びひ]た[びひ]|度々|度重なる"
    r"|改めて|あらためて"
    r"|念の(?:為|ため)|ねんのため|(?:二重|連続|重複|複数)(?:投稿|送信)|二重|連投|連続|重複|しつこ[くい]て?|またまた"
    r"|またも?"
    r"|同じ(?:内容|こと|もの|文面?|質問|用件|件)|(?:\d+|[二三四五六七八九十])(?:度|回|通)目?|催促|りまいんど|こぴぺ"
    r"|引き続き"
)
_SENDING = (
    r"送信|送付|お?送り|送っ|送る|投稿|発信|貼り(?:付け)?|貼っ|貼る|はり|はっ|載せ|掲載|書き込み|書き?込ん|書き|書い"
    r"|書か|書く|連絡|問い合わせ|お?尋ね"
    r"|お?聞き|伺い|申し上げ|伝え|お伝え|言い|言っ|言う|言わせ|めーる|めっせーじ|ちゃっと|こめんと|ぽすと|質問|発言"
    r"|こぴぺ|こぴー|転送"
)
_SORRY = (
    r"す[みい]ま(?:せん|ん)|申し?訳(?:ない|あり?|ござい)?|失礼|恐縮|恐れ入り|ごめん(?:なさい)?|お?手数|お?騒がせ"
    r"|ご?迷惑|ご?容赦|お詫び"
)
_REASON = (
    r"届いて(?:い|おら)?(?:ない|なかったら?|なさそう)|届かな(?:い|かった)|見落と(?:し|され)|見逃(?:し|され)|埋もれ"
    r"|流れ(?:て|た)|消えて"
    r"|ご?(?:返信|返事|連絡|回答|返答|反応|応答)が(?:まだ|来|こ|いただけ|頂け|もらえ|得られ|ござい|あり)?(?:ない|なく"
    r"|なかった|ませんでした|ません|ず)?"
    r"|読まれて|見られて|気づかれ|気付かれ|伝わって(?:い)?ない|かもしれ(?:ない|ません)|可能性が|不安|心配|恐れが"
)
_GLUE = (
    r"いたら|だけ|困るので|困る|困り|たら|なら|ですけど|ですが|です|でした|でして|ますが|ます|ました|まして|ません"
    r"|しました|します|させて|いただき|いただい"
    r"|いただく|いたし|致し|にて"
    r"|なので|なのに|ので|ため|から|けれど|けど|よう|みたい|おり|お掛け|おかけ|掛け|かけ|なり|以上|下記|以下|上記"
    r"|こちら|これ|この|件|内容|文面|文|分|先ほど"
    r"|先程|さっき|前回|昨日|既に|すでに|本日|今日|になる|になり|となり|こと|もの|いけない|といけない|ある|あると|ない"
    r"|なく|いる|いて|ご"
    r"|[おのにをがはもとでしてたねよかないれさっなやへぞ。]"
)
RESENT = _without_length(rf"(?:{_AGAIN}|{_SENDING}|{_SORRY}|{_REASON}|{_GLUE})++")
AGAIN = _without_length(_AGAIN)
_BY_ME = _without_length(
    rf"(?:{_SENDING}|{_SORRY})|再|連投|重複|繰り?返し|くりかえし|催促|りまいんど|目(?:です|になり|の)"
)
# What is asked of the other side, or what happens to the sender, is content.
_NOT_BY_ME = _without_length(
    r"(?:送ら|送信さ|投稿さ|連絡さ|聞か|書か|貼ら|掲載さ)れ|でき|願|ほしい|欲し|(?:送|貼|書|投稿|連絡)(?:っ|い"
    r"|し)?て(?:よ|ね)?$|か(?:な|ね)?$|たい$"
    r"|(?:送信|投稿|連絡|質問|めーる|送付|転送)(?:を|が|は)?し(?:ない|なかった|ません)"
)

_OF_MINE = (
    r"(?:その後|この|その|あの|例の|こちらの|上の|上記の?|前の|先ほどの?|先程の?|さっきの?|私の|うちの|お?送った"
    r"|送りました"
    r"|お送りした|投稿した|本件|件|めーる"
    r"|めっせーじ|ちゃっと|ご?連絡|ご?投稿|質問|お?問い合わせ|ご?依頼|これ|それ|こちら|上|内容|文面|ちけっと|について"
    r"|に関して|には|に|を|は|が|って|も"
    r"|の|もう|ちゃんと|本当に|ほんとに|既に|すでに|まだ|一度|いつ|その後|誰か|誰も|だれか|だれも|どなたか|どなたも"
    r"|皆さん|担当者?|様|さん)*+"
)
_READ = (
    r"(?:見て|みて|見え|ご覧|読んで|よんで|読まれ|お読み|目を通して|目に(?:し|入っ|留まっ|とまっ)て|気[づ付]いて"
    r"|お気[づ付]き|聞いて|届いて|伝わって"
    r"|受け取って|お?受け取り|ご?確認(?:して|中)?|お?確かめ|ご?対応(?:して|中)?|ご?処理(?:して|中)?|ご?検討(?:して"
    r"|中)?|着手して|進めて|進んで"
    r"|お?調べ(?:て|中)?|調査(?:して|中)?|把握して|ちぇっく(?:して)?|答えて|お?返事(?:して)?|ご?返信(?:して)?"
    r"|ご?回答(?:して)?|放置(?:して|ですか)?"
    r"|無視(?:して)?|見た|読んだ|見まし|読みまし|拝見|気づき|気付き|反応して|引き継いで|お?目通し)"
)
_READ_END = (
    r"(?:いただけ|いただい|いただき|頂け|頂い|もらえ|もらっ|くれ|ください|くださっ|なって|なり|おり|でき|され|います"
    r"|いる|いま|ませんでした|ません|ました|まし"
    r"|ます|でしょう|です|ない|なさ|なん|んだ|ん|の|た|る|て|で|い|か|な|ね|よ|が|けど|は|に|を|も)*+"
)
READ = _without_length(_OF_MINE + _READ + _READ_END)
ASKS = re.compile(
    r"(?:か|かな|かね|の|よね|でしょう|だろう|かも)$|いただけ|いただい|頂い|頂け|もらえ|もらっ|くれ|くださ"
)
_ANSWER = r"(?:ご|お)?(?:返事|返信|連絡|回答|返答|反応|応答|へんじ|音沙汰|折り返し|れすぽんす|れす)"
SILENCE = _without_length(
    r"(?:まだ|いまだに|未だに|一向に|全然|ぜんぜん|全く|まったく|何も|なにも|何の|なんの|一切|誰からも|どなたからも"
    r"|そちらから|御社から|ずっと|結局|やはり"
    r"|その後|さっきから|未だ|も|の|は|に|、)*+" + _ANSWER + r"(?:いただけ|いただい|頂け|頂い|もらえ|もらっ|くださら"
    r"|くれ|ござい|あり|来|こ|き|届い|届か|され|して|しない"
    r"|一向に|全然|まったく|全く|何も|一切|いつまでも?|いつ頃?|まだ|どう|なって|なく|なし|ない|ず|ませんでした|ません"
    r"|ませ|よう|みたい|まま|状況|状態|でした|です"
    r"|でしょう|なの|なん|ので|から|けれど|けど|ところ|思い|困り|困って|おり|おら|ます|ました|まし|お待ち|いる|いま"
    r"|[のがをはもすらさえってでいかよねなんただとるうに])*+"
)
NO = re.compile(r"ない|ません|なし|なく|まだ|ず|いつ|どう")
STATE = _without_length(
    _OF_MINE
    + r"(?:現在の?|今の|いまの|現状の?|対応|進行|処理|作業|最新の?)*+(?:状況|進捗|進み具合|経過|現状|様子|すてーたす"
    r"|どうな(?:って|り|った)"
    r"|どんな感じ|どこまで|見通し)(?:だけでも|など|まで|いかが|どんな|どう|教え|お知らせ|知らせ|お?聞かせ|うかが|伺"
    r"|知り|進ん|進み|なって|なり|いただけ|いただき"
    r"|もらえ|ください|くれ|ほしい|願い|おり|いる|いま|ます|ました|まし|ません|ですが|です|でしょう|たい|けど|お"
    r"|[をはがってでいるたかのんよねなしに])*+"
)

# English, by words: a message sent again in the words of its sender.
_SENT_TALK = """
not sure if whether unsure came wondering all
resend resending resent repost reposting reposted send sending sent post posting posted write writing wrote asking
asked message messages messaging repeat repeating copy copying paste pasting pasted bump bumping forward forwarding
contacting following follow up again once more one time another twice over i am have had to will just this the my it
myself you me we us our in case was is gets got get lost missed miss did not went go through nobody noone no one has
answered answers replied reply response answer since because for as so sorry apologies apologize apology about bother
bothering spam spamming double trouble and but yet still hope that question request email mail here below above
original previous last earlier been be see saw seen first heard hear back from received re here's now the and or if
maybe filter reminder quick second third fourth attempt only
"""
_SENT_WORDS = frozenset(_SENT_TALK.split())
_SENT = re.compile(
    r"\b(?:re ?sen(?:d|t|ding)|re ?post(?:ing|ed)?|repeat(?:ing)?|bump(?:ing)?)\b"
    r"|\b(?:sending|posting|writing|asking|pasting|copying|messaging|contacting|following up|forwarding"
    r"|(?:i|we|to|will|just|have) (?:send|sent|post|posted|write|wrote|ask|asked|message|bump))\b.*"
    r"\b(?:again|once more|one more time|another time|twice|over|second time|third time)\b|^sent (?:again|twice"
    r"|once more)\b"
    r"|\b(?:not sure|unsure|wondering) (?:if|whether) (?:this|it|my \w+) (?:went|got|came|was|has)\b|^(?:so|and"
    r"|but) again$"
    r"|^(?:just )?in case (?:it|you|this|that|my)\b|\bsorry (?:to|for)(?: (?:the|my|all|this|another))* (?:bother|spam"
    r"|writ|send|post|messag|repeat|ask"
    r"|double)"
)
_YOU_DO = re.compile(
    r"^(?:please )?(?:re ?send|repeat|forward|send) (?:it|this|me|the|my|that)|\byou (?:re)?sen[dt]|\bwas sent\b"
)
_OF_IT = (
    r"(?: (?:on|at|to|about|for|with|into|of|in|regarding))?(?: (?:this|that|it|me|us|here|there"
    r"|(?:my|our|the|this|above|last|previous|earlier|first|original|open)(?: (?:my|last|previous|earlier|first"
    r"|original))?"
    r" (?:messages?|emails?|mails?|tickets?|requests?|questions?|issues?|posts?|case|one)))?"
    r"(?: (?:above|below|yet|please|now|today|already|at all|still|again|so far|anymore|or not))*+"
)
_DEALT = (
    r"(?:see|seen|saw|read|look(?:ed)?(?: (?:at|into))?|looking(?: (?:at|into))?|check(?:ed|ing)?(?: on)?|receive"
    r"|received"
    r"|get|got|gotten|notice|noticed|handled?|handling|work(?:ed|ing) on|answer(?:ed|ing)?|reply|replied|replying"
    r"|respond(?:ed|ing)?|reacted|review(?:ed|ing)?|take a look(?: at)?|taking a look(?: at)?|deal with|dealing with"
    r"|dealt with"
    r"|acknowledged?|get back|gotten back|get to|gotten to|help(?:ing|ed)?|on|listening|picked up|cares?)"
)
_DEALT_WITH = r"(?:worked on|handled|looked (?:at|into)|taken care of|processed|reviewed|addressed|read|seen|answered)"
_PEOPLE = r"(?:you|anyone|anybody|someone|somebody|any of you|your team|the team|support|you guys|they)"
ENGLISH_NAG = re.compile(
    rf"(?:(?:did|do|does|have|has|had|can|could|will|would|is|are|was) )?{_PEOPLE}"
    r"(?: (?:had|have|get|got|even|ever|already|actually|a|the|chance|time|to|yet|please|going|be|been))*"
    rf" {_DEALT}{_OF_IT}"
    rf"|(?:still )?(?:nobody|no one|noone|none of you|not one of you)(?: (?:has|have|is|ever|even|yet|seems to|will"
    rf"|wants to|here))* {_DEALT}{_OF_IT}"
    r"|(?:i|we)(?: (?:have|had|still|am|are))*+ (?:not|never|did not)(?: (?:yet|been|even))*+ (?:hear|heard|receive"
    r"|received|get|got|gotten|had|have)"
    r"(?: (?:a|an|any|the|your))?(?: (?:single|proper|real))?(?: (?:back|anything|reply|answer|response|word|news"
    r"|update|feedback|reaction))"
    rf"(?: (?:back|from {_PEOPLE}))*+{_OF_IT}"
    r"|(?:(?:i|we)(?: (?:have|had))? (?:got|had|received|gotten)|there (?:is|was|has been)|still) (?:no|zero) (?:reply"
    r"|answer|response|word|news|update|feedback|reaction)s?"
    rf"(?: from {_PEOPLE})?{_OF_IT}"
    r"|(?:this|it|my (?:message|email|ticket|question|request|issue|post)) (?:has|have|is|was)(?: (?:still|not|never"
    r"|yet|been|gone|ever))*+"
    rf" (?:answered|unanswered|read|unread|seen|handled|looked at|looked into|replied to|addressed|ignored"
    rf"|acknowledged){_OF_IT}"
    rf"|what is (?:going on|happening){_OF_IT}|is (?:this|it|anything)(?: (?:even|still|being"
    rf"|getting))* {_DEALT_WITH}{_OF_IT}"
    r"|has (?:this|it|my (?:message|email|ticket|question|request|issue|post))(?: (?:not|yet|been|ever))*+"
    rf" (?:answered|read|seen|handled|looked at|looked into|replied to|addressed|received|fixed|solved"
    rf"|resolved){_OF_IT}"
    r"|(?:(?:what is|how is|any|the|give me an?|can i get an?|could i get an?|could we have an?|may i have an?"
    r"|i need an?) )?(?:the |current )*+"
    rf"(?:status|state of (?:this|it|play|things)|progress|eta|situation|latest|holdup|delay|update){_OF_IT}"
    rf"|where (?:are|do) (?:we|things|you)(?: (?:stand|at|now))?{_OF_IT}|how (?:is|are) (?:it|this|that|things"
    rf"|we) (?:going|coming along|looking|progressing|doing)"
    rf"{_OF_IT}|(?:please )?(?:advise|update me|keep me posted|let me know)|anything(?: new)?{_OF_IT}|now what|what now"
    r"|why (?:the silence|am i being ignored|are you ignoring (?:me|this|us))|i am being ignored|earth to support"
    r"|knock knock"
)
ENGLISH_PROD = re.compile(r"and|so|well|then|or|anything|anyone|anybody|hello|now|yet")


def resent(bare: str) -> bool:
    """Whether a Japanese sentence only says that this is sent again."""
    return (
        AGAIN.search(bare) is not None
        and RESENT.fullmatch(bare) is not None
        and _BY_ME.search(bare) is not None
        and not _NOT_BY_ME.search(bare)
    )


def nags(bare: str, asked: bool) -> bool:
    """Whether a Japanese sentence only asks for an answer, or says that none came."""
    if READ.fullmatch(bare):
        return asked or ASKS.search(bare) is not None
    if SILENCE.fullmatch(bare):
        return asked or NO.search(bare) is not None
    return STATE.fullmatch(bare) is not None


def resent_in_english(bare: str) -> bool:
    """Whether an English sentence only says that this is sent again."""
    return _SENT_WORDS.issuperset(bare.split()) and _SENT.search(bare) is not None and not _YOU_DO.search(bare)
