"""Same content or not: pairs of every mechanism, both ways, and what holds for all texts."""

import random
import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.likeness import BITS, FLOOR, Fingerprint, Fingerprinter, same_content
from bot.domain.likeness.sameness import jaccard

MAKER = Fingerprinter(b"a key for tests only")

# One text = others of the same content, by what differs; ⏎ is a line break.
_SAME = """
# width, kana form, case
ルームキーが反応しません = ﾙｰﾑｷｰが反応しません
領収書のPDFがひらけない = 領収書のＰＤＦがヒラケナイ
レジが落ちます = れじがおちます
Wi-Fiがつながりません = wi-fiがツナガリマセン
Export button does nothing = EXPORT BUTTON DOES NOTHING
# kanji and kana of the same word
明細を送ってください = めいさいを送ってください
処方箋を書き直して = 処方箋をかきなおして
予約を取り消してください = よやくを取り消してください
早めに鍵を交換してほしい = 早めにかぎを交換してほしい
荷物が届きません = にもつがとどきません
直して = なおして
打ち合わせの日程を決めたい = 打合せの日程を決めたい
担当者に代わってください = 担当者に変わってください
診察券の番号がわからない = 診察券の番号が分からない
責任者を出して = 責任しゃをだして
検査結果を教えてください = 検査けっかをおしえて下さい
# emoji, faces, punctuation, blanks
振込が反映されていません = 振込が反映されていません😡😡😡
部屋が寒いです = 部屋が寒いです(´;ω;`) | 部屋が、寒いです…!!
カードが止まった = カードが 止まった :rage:
where is my parcel = where... is my parcel?!!
シフト表が見られない = シフト表が見られないｗｗｗ
the dashboard is blank = the dashboard is blank :(
# slips
ポイントが加算されていません = ポイントが加算されてていません | ポイントが加算さてれいません
会議室の予約ができません = 会議室の予約がでみません
ログイン画面が真っ白になります = ログイン画面が真っ白になりまs
在庫の数がおかしいです = 在庫の数がおかいしです
パスワードを再発行してください = パスワドーを再発行してください
キャンペーンの景品が来ない = キャンペンの景品が来ない
プリンターから紙が出ない = プリンタから紙が出ない
my invoice shows the wrong address = my invocie shows the wrong adress
the coupon was rejected at checkout = teh coupon was rejcted at chekout
please unlock my account = please unlokc my acount
I can't reset my password = i cant reset my pasword
# stretched
表示がおそい = 表示がおそーーーい
早く返金して = 早く返金してえええええ
料理がまだ来ない = 料理がまだ来なーーーい
please refund me = pleeeease refund meeee
いますぐ解約したい = いますぐ解約したいいいい
# order of sentences
支払いは済みました。商品が来ません。注文を見てほしいです。 = 注文を見てほしいです。支払いは済みました。商品が来ません。
The scanner is offline. Guests wait at the desk. = Guests wait at the desk. The scanner is offline.
# quotes and resend marks
請求金額が二重になっています = > 請求金額が二重になっています⏎まだですか?
請求金額が二重になっています = &gt; 請求金額が二重になっています⏎返事をください | 【再送】請求金額が二重になっています
請求金額が二重になっています = Re: Fwd: 請求金額が二重になっています | 再掲します。請求金額が二重になっています
請求金額が二重になっています = 先ほども申し上げましたが、請求金額が二重になっています
請求金額が二重になっています = 何度も言ってますが請求金額が二重になっています
The shuttle never came = > The shuttle never came⏎any update? | Resending: The shuttle never came
The shuttle never came = As I said, the shuttle never came | 2nd time: the shuttle never came
# mentions and markup
書類を返送してください = <@U02ABCDEF> 書類を返送してください | @support 書類を返送してください
書類を返送してください = <!here> <#C0123|desk> 書類を返送してください
手順書 https://example.com/a が開けません = 手順書 <https://example.com/a> が開けません
A&B社の契約を見せて = A&amp;B社の契約を見せて
# greetings, closings, signatures
口座の名義を変更したいです = お世話になっております。口座の名義を変更したいです。よろしくお願いいたします。
口座の名義を変更したいです = こんにちは!口座の名義を変更したいです
The invoice is missing = Hi team,⏎The invoice is missing.⏎Thanks in advance,⏎Marta Olsen⏎Bluefield Ltd
チェックインの時刻を変えたい = チェックインの時刻を変えたい⏎--⏎株式会社やまなみ 総務部⏎TEL 03-0000-0000
Please close the ticket about billing = Hello, please close the ticket about billing. Best regards
# openings and fillers
台数を追加したい = えっと、台数を追加したい | すみません、台数を追加したいんですけど | ですから台数を追加したいです!
change the delivery address = hey, please change the delivery address | come on, can you change the delivery address
# nags appended, counters
返金してください = 返金してください。まだですか。 | 早く返金してください | 至急!返金してください!!
返金してください = 返金してください 早く
カルテの写しをください = 3回目です。カルテの写しをください | もう5度目ですが、カルテの写しをください
カルテの写しをください = これで4通目になります。カルテの写しをください。
cancel the booking = third time: cancel the booking | this is the 4th time asking. cancel the booking
cancel the booking = cancel the booking. still waiting | cancel the booking ASAP
# politeness of the same words
音が出ない = 音が出ません | 音が出ないです
住所を直して = 住所を直してください
住所を直してください = 住所を直していただけますか
住所を直してほしい = 住所を直してもらえませんか?
返金して = 返金しろ
見積書をください = 見積書をお願いします
営業時間は何時ですか = 営業時間は何時でしょうか
画面が固まります = 画面が固まるんですけど
領収書が届いていません = 領収書が届いてないのですが
どこで解約できますか = どこで解約できるの
# bare demands
助けて = たすけて!!
返事しろ = 返事しろよ!
help = HELP!!!
まだですか = まだですか!!
金返せ = 金かえせ
any update? = Any update??
# small additions
加湿器の電源が入りません。交換を希望します。 = 加湿器の電源が入りません。交換を希望します。お待ちしています。
"""
# A text = one of another content, several to a line.

_DIFFERENT = """
# numbers, ids, codes, dates
注文 7731 を取り消して = 注文 7737 を取り消して / E-105 と表示されます = E-150 と表示されます
予約を5月3日に変更してください = 予約を5月4日に変更してください / 金曜の枠を空けてください = 木曜の枠を空けてください
三名に変更してください = 四名に変更してください / 2.4.1で落ちます = 2.4.7で落ちます
12,000円が引き落とされました = 15,000円が引き落とされました / プランBの見積をください = プランCの見積をください
room 301 has no towels = room 310 has no towels / app-east-1 is down = app-east-2 is down
move my slot to Tuesday = move my slot to Thursday / send the June statement = send the July statement
node stg-a is down = node stg-b is down / 1/12の予約を消して = 11/2の予約を消して
# names, stores, places
青木様の予約を確認したい = 荒木様の予約を確認したい / 梅田店の在庫を見せて = 難波店の在庫を見せて
福岡支店に送ってください = 広島支店に送ってください / Please add Jansen to the group = Please add Jensen to the group
札幌から発送してください = 札幌まで発送してください
お世話になります。薬局の西口店です。棚卸はいつですか = お世話になります。薬局の東口店です。棚卸はいつですか
# another word in the same sentence
How do I export users = How do I export orders / ゲストの一覧を出したい = テストの一覧を出したい
メールが届きません = セールが届きません / 請求書を再発行してください = 納品書を再発行してください
枕を追加してください = 毛布を追加してください / my card was declined = my cart was declined
the price is wrong = the prize is wrong / ライトが点かない = ライブが点かない
バスの時刻を教えて = パスの時刻を教えて / 全部終わりました = やっと終わりました
where is the form = where is the farm
# template, signature, quote, trace: another request
お世話になっております。会計の本多です。⏎源泉徴収の設定 = お世話になっております。会計の本多です。⏎年末調整の帳票
> 明日の10時に伺います⏎駐車場はありますか = > 明日の10時に伺います⏎持ち物はありますか
> We ship on Monday.⏎What about refunds? = > We ship on Monday.⏎What about exchanges?
NullPointerException at Order.java⏎原因は何ですか = NullPointerException at Order.java⏎回避策はありますか
Hi,⏎can I get a copy of the contract?⏎--⏎Jo Lind⏎North Oy = Hi,⏎who signs the waiver?⏎--⏎Jo Lind⏎North Oy
【店舗】本店【用件】レジの交換 = 【店舗】本店【用件】棚札の印刷
> ご注文は発送済みです⏎ありがとうございます、助かりました = ご注文は発送済みです
# opposites
通知をオンにしたい = 通知をオフにしたい / 二段階認証を有効にしてください = 二段階認証を無効にしてください
please enable the add-on = please disable the add-on / the door can be locked = the door can not be locked
カードが使える = カードが使えない / 荷物が届いた = 荷物が届かない
禁煙の部屋にしてください = 喫煙の部屋にしてください / 同期を開始してください = 同期を停止してください
start the trial = stop the trial / 料金が上がりました = 料金が下がりました
データを消してください = データを消さないでください / データを消す = データを消すな
it works on my phone = it never works on my phone / 朝食は付きます = 朝食は付きません
uninstall the agent = install the agent / the lift is working = the lift is not working
承認済みにしてください = 未承認にしてください / 入場できます = 入場できません
# question and statement, tense
延長は可能です = 延長は可能ですか / 返金されました = 返金されましたか / 荷物が届いた = 荷物が届いた?
my order has shipped = has my order shipped / 作業を始めます = 作業を始めました / いつ届きますか = どこに届きますか
# sequences
写真1枚目です = 写真2枚目です / 手順の半分が終わりました = 手順の全部が終わりました
ステップ1完了、問題なし = ステップ2完了、問題なし / part one of the log attached = part two of the log attached
インポート中です = エクスポート中です
# corrections, new information
集合は10時でお願いします = 集合は11時の間違いでした
エアコンが壊れています = エアコンが壊れています。あと、お湯も出ません。何号室に移れますか?
シングルを一部屋予約したい = ダブルを一部屋予約したい / 税込の金額を教えて = 税抜の金額を教えて
# other words for the same
解約したい = 契約を終わらせたいです / When will it arrive? = What is the delivery date?
# a long mail with one other name, number or date
田村様の契約を来月末で終えます。書類を送ってください。 = 木村様の契約を来月末で終えます。書類を送ってください。
We renew the licence of our Osaka office in March. = We renew the licence of our Nagoya office in March.
"""

_COURTESY = """
ありがとうございます | ありがとうございました!! | はい | はーい | いいえ | 了解です | 承知しました |
承知いたしました。 | わかりました | 助かりましたー😊 | できました! | OK | おっけーです | ok thanks | got it! |
Done. | yes please | Thank you so much!! | thanksssss | お世話になっております。 | よろしくお願いいたします。 |
Hi team | Hello! | おはようございます | 👍 | <@U123ABC> | 🙏🙏 | (^^) | ... | すみません | お疲れ様です |
大丈夫です | なるほど | そうです | 確認しました | いいえ、まだです | はい、大丈夫です | no problem | 見てみます |
はい、ありがとうございます。助かりました。 | sure, will do | 了解しました。よろしくお願いします。 | 届きました |
解決しました! | おつかれさまです | それでお願いします | かしこまりました。ありがとうございます。
"""
NEVER = [text.strip() for text in _COURTESY.split("|")]


def _lines(table: str) -> list[str]:
    return [line.replace("⏎", "\n") for line in table.strip().split("\n") if not line.startswith("#")]


SAME = [
    (text, other) for text, others in (line.split(" = ") for line in _lines(_SAME)) for other in others.split(" | ")
]
DIFFERENT = [(*pair.split(" = "),) for line in _lines(_DIFFERENT) for pair in line.split(" / ")]


def _of(text: str) -> Fingerprint:
    found = MAKER.of(text)
    assert found is not None, text
    return found


def _same(a: str, b: str) -> bool:
    one, two = MAKER.of(a), MAKER.of(b)
    return one is not None and two is not None and same_content(one, two)


@pytest.mark.parametrize(("a", "b"), SAME)
def test_what_differs_only_in_writing_is_the_same(a: str, b: str) -> None:
    assert _same(a, b)
    assert _same(b, a)


@pytest.mark.parametrize(("a", "b"), DIFFERENT)
def test_what_says_something_else_is_not(a: str, b: str) -> None:
    assert not _same(a, b)
    assert not _same(b, a)


@pytest.mark.parametrize("text", NEVER)
def test_courtesy_and_answers_never_count(text: str) -> None:
    assert MAKER.of(text) is None


def test_floor_holds_by_definition() -> None:
    one, two = _of("席を窓側に替えて"), _of("Where can I park?")
    assert jaccard(one.bitmap, two.bitmap) < FLOOR
    assert not same_content(one, two)
    for a, b in SAME:
        assert jaccard(_of(a).bitmap, _of(b).bitmap) >= FLOOR


def test_a_forgotten_text_is_compared_by_what_is_left() -> None:
    one, two = _of("カルテの写しをください"), _of("3回目です。カルテの写しをください!")
    other = _of("カルテの写しを4通ください")
    assert same_content(replace(one, content=None), two)
    assert same_content(two, replace(one, content=None))
    assert not same_content(replace(one, content=None), other)
    assert not same_content(replace(one, content=None), replace(_of("カルテの表紙をください"), content=None))


def test_keys_depend_on_the_secret_and_sizes_are_fixed() -> None:
    one, two = _of("返金して"), Fingerprinter(b"another key").of("返金して")
    assert two is not None
    assert one.key != two.key
    assert one.bitmap != two.bitmap
    assert (len(one.key), len(one.raw_key), len(one.numbers_key), len(one.bitmap)) == (16, 8, 8, BITS // 8)


def test_raw_key_tells_exact_from_near() -> None:
    assert _of("返金して").raw_key == _of("  返金して\n").raw_key
    assert _of("返金して").raw_key != _of("返金して!").raw_key
    assert _of("返金して").key == _of("返金して!").key


_TALK = "返金 して ください 届か ない ました 3番 です か ? 。 、 荷物 が の order refund not the please > @x さん \n"
_WORDS = st.sampled_from(_TALK.split(" "))
_TEXTS = st.one_of(
    st.text(max_size=60),
    st.text(st.characters(categories=["Cs", "Lo", "Mn", "Cc", "Sk", "So"]), max_size=30),
    st.lists(_WORDS, max_size=14).map("".join),
    st.lists(_WORDS, max_size=14).map(" ".join),
)


@given(_TEXTS, _TEXTS)
@settings(max_examples=400, deadline=None)
def test_symmetric_for_all_texts(a: str, b: str) -> None:
    one, two = MAKER.of(a), MAKER.of(b)
    if one and two:
        assert same_content(one, two) == same_content(two, one)
        if same_content(one, two) and one.key != two.key:
            assert jaccard(one.bitmap, two.bitmap) >= FLOOR


@given(_TEXTS)
@settings(max_examples=300, deadline=None)
def test_every_text_that_counts_is_the_same_as_itself(text: str) -> None:
    one, two = MAKER.of(text), Fingerprinter(b"a key for tests only").of(text)
    assert one == two
    if one and two:
        assert same_content(one, two)


@pytest.mark.parametrize("alphabet", ["かきくけこ", "漢字仮名", "ab ", "カー", "1/2 ", "。あ"])
def test_work_is_bounded(alphabet: str) -> None:
    dice = random.Random(7)
    one = _of("x" + "".join(dice.choices(alphabet, k=100_000)))
    two = _of("x" + "".join(dice.choices(alphabet, k=100_000)))
    spent = []
    for _ in range(3):
        begun = time.perf_counter()
        same_content(one, two)
        spent.append(time.perf_counter() - begun)
    assert min(spent) < 0.05  # 5 ms on a quiet machine
