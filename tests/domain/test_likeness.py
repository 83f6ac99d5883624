"""Same content or not: pairs of every mechanism, both ways, and what holds for all texts."""

import random
import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.likeness import BITS, FLOOR, Fingerprint, Fingerprinter, same_content


def jaccard(a: bytes, b: bytes) -> float:
    """Shared bits among the bits set in either bitmap; 1.0 for two empty ones."""
    one, other = int.from_bytes(a, "little"), int.from_bytes(b, "little")
    union = (one | other).bit_count()
    return (one & other).bit_count() / union if union else 1.0


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
# letters left over by the input method
荷物の追跡ができません = 荷物の追跡ができmせん
写真の一覧がひらかない = 写真の一覧がひらkない
勤怠の打刻がおかしいです = 勤怠の打刻がおkしいです
警告がでています = 警告がdけいます
領収書を送ってください = 領収書を送ってくdさい | 領収書を送tてください
地図がみえません = 地図がみえmsん | 地図がみえませn
通知が届きました = 通知が届きmした
空調の音がうるさいです = 空調の音がうrさいです
パスワードを忘れてしまいました = パスワードを忘れtしまいました | パスワードを忘れてsmいました
切符の払い戻しをお願いします = 切符の払いmどしをお願いします
席の変更ができません = 席の変更がdきません
会員証をなくしました = 会員証をなkしました
発送はいつになりますか = 発送はいtになりますか
資料が添付されていません = 資料が添付されtいません
# nags that ask, that tell of silence, behind a sentence
扉が閉まりません = > 扉が閉まりません⏎見ていただけました? | > 扉が閉まりません⏎お返事がまだのようです。
扉が閉まりません = > 扉が閉まりません⏎読んでもらえましたか
扉が閉まりません = > 扉が閉まりません⏎届いていますでしょうか? | > 扉が閉まりません⏎対応していただけていますか
扉が閉まりません = > 扉が閉まりません⏎進み具合はいかがですか | > 扉が閉まりません⏎まだ何の連絡もありません
扉が閉まりません = > 扉が閉まりません⏎こちらの件どうなってますか | > 扉が閉まりません⏎確認してもらえてます?
扉が閉まりません = 扉が閉まりません。回答がいただけていません。 | 扉が閉まりません。ご返信をいただけておりませんが。
扉が閉まりません = 扉が閉まらないんですが、まだ? | 扉が閉まらないんですがまだですか?
扉が閉まりません = 扉が閉まらないんですけど、早くして | 扉が閉まりませんが、どうなっていますか?
扉が閉まりません = > 扉が閉まりません⏎この件、状況を教えてください | > 扉が閉まりません⏎誰も見てないんですか?
扉が閉まりません = 扉が閉まりません。気づいてますか?
the gate will not close = > the gate will not close⏎any progress | > the gate will not close⏎and?
the gate will not close = > the gate will not close⏎Did someone look at this?
the gate will not close = > the gate will not close⏎I haven't heard back
the gate will not close = > the gate will not close⏎what's the status of this?
the gate will not close = > the gate will not close⏎has anyone read this yet?
the gate will not close = the gate will not close. No one has replied. | the gate will not close. Can somebody answer?
the gate will not close = the gate will not close. Have you had a chance to look at this?
the gate will not close = the gate will not close. well? | the gate will not close. Where are we with this?
the gate will not close = the gate will not close. Is anyone looking into it?
暖房が効きません = > 暖房が効きません⏎お読みいただけたでしょうか。
暖房が効きません = > 暖房が効きません⏎ご対応いただけておりますでしょうか
暖房が効きません = > 暖房が効きません⏎まだ回答を頂いておりません。 | > 暖房が効きません⏎連絡ないんですけど
暖房が効きません = > 暖房が効きません⏎どうなってるの? | > 暖房が効きません⏎見てる? | > 暖房が効きません⏎返事まだ?
暖房が効きません = > 暖房が効きません⏎ご確認いただけましたか? | > 暖房が効きません⏎その後の進捗をお聞かせください
暖房が効きません = > 暖房が効きません⏎上のメッセージ読みました? | > 暖房が効きません⏎いつまで待てばいいんですか
暖房が効きません = > 暖房が効きません⏎誰か対応してくれてます? | 暖房が効きません。で、どうなりました?
暖房が効きません = 暖房が効かないんだけど、まだ?
暖房が効きません = > 暖房が効きません⏎無視ですか? | > 暖房が効きません⏎ずっと待ってるんですが
暖房が効きません = > 暖房が効きません⏎返信いただけますでしょうか
暖房が効きません = 暖房が効かないのですが、ご確認いただけましたでしょうか | 暖房が効きませんが、まだでしょうか
the kiosk printer jams = > the kiosk printer jams⏎Did you see my message? | > the kiosk printer jams⏎Still no answer...
the kiosk printer jams = > the kiosk printer jams⏎Is this being worked on?
the kiosk printer jams = > the kiosk printer jams⏎What's going on with this?
the kiosk printer jams = > the kiosk printer jams⏎Nobody answered yet
the kiosk printer jams = the kiosk printer jams. Any word? | the kiosk printer jams. We have received no reply.
the kiosk printer jams = the kiosk printer jams - any update on this? | the kiosk printer jams, still waiting
the kiosk printer jams = the kiosk printer jams. Has anyone had time to look into this yet?
the kiosk printer jams = > the kiosk printer jams⏎Are you there? | > the kiosk printer jams⏎Please respond.
the kiosk printer jams = > the kiosk printer jams⏎How is this coming along?
the kiosk printer jams = > the kiosk printer jams⏎Can I get an update?
# sent again, in any words
名簿が二重です = 再々送 名簿が二重です | 再投稿:名簿が二重です | ※再度お送りします⏎名簿が二重です
名簿が二重です = もう一回貼ります。名簿が二重です | (念のため再送します)名簿が二重です
名簿が二重です = 再掲します→名簿が二重です | 届いていないようなのでもう一度送ります。名簿が二重です
名簿が二重です = 重ねてのご連絡失礼いたします。名簿が二重です | 何度もすみません。名簿が二重です
名簿が二重です = 何度も申し訳ありません、名簿が二重です
名簿が二重です = たびたび失礼します。名簿が二重です | 度々すみません、名簿が二重です | 名簿が二重です(再送)
名簿が二重です = 名簿が二重です ※再送です | 名簿が二重です⏎↑再掲です | 返信がないため再度ご連絡します。名簿が二重です
名簿が二重です = 【再々送】名簿が二重です | 名簿が二重です⏎以上、念のため再送いたします。
名簿が二重です = 連投すみません。名簿が二重です | 見落とされているかもしれないので再度投稿します。名簿が二重です
名簿が二重です = 繰り返しになりますが、名簿が二重です
名簿が二重です = もう一回書きますね 名簿が二重です | 〈再度〉名簿が二重です | しつこくてすみません。名簿が二重です
名簿が二重です = 改めてお送りします。名簿が二重です
my badge is blank = sending once more: my badge is blank | In case it got lost, my badge is blank
my badge is blank = bumping: my badge is blank | Posting this again. My badge is blank.
my badge is blank = Just resending this in case you missed it. My badge is blank.
my badge is blank = (sent again) my badge is blank | Sorry to write again, my badge is blank
my badge is blank = Repeating myself: my badge is blank | my badge is blank (resent) | Writing again: my badge is blank
my badge is blank = Re-posting since nobody answered. My badge is blank.
冷蔵庫の温度が高いです = 再度のご連絡となります。冷蔵庫の温度が高いです
冷蔵庫の温度が高いです = 重複していたらすみません。冷蔵庫の温度が高いです
冷蔵庫の温度が高いです = 届いていなかったら困るのでもう一度書きます。冷蔵庫の温度が高いです
冷蔵庫の温度が高いです = 【再掲】冷蔵庫の温度が高いです | 二度目の送信です:冷蔵庫の温度が高いです
冷蔵庫の温度が高いです = すみません、もう一度送ります。冷蔵庫の温度が高いです
冷蔵庫の温度が高いです = 念のため再度お送りいたします。冷蔵庫の温度が高いです | ↓再送です⏎冷蔵庫の温度が高いです
冷蔵庫の温度が高いです = 冷蔵庫の温度が高いです(再掲) | 冷蔵庫の温度が高いです←再送
冷蔵庫の温度が高いです = もう一度だけ言います。冷蔵庫の温度が高いです
冷蔵庫の温度が高いです = たびたびのご連絡申し訳ございません。冷蔵庫の温度が高いです
冷蔵庫の温度が高いです = 何度も連絡してすみません。冷蔵庫の温度が高いです
冷蔵庫の温度が高いです = 先ほどお送りした内容を再送します。冷蔵庫の温度が高いです
冷蔵庫の温度が高いです = お返事がないようなので再度書き込みます。冷蔵庫の温度が高いです
冷蔵庫の温度が高いです = 連続投稿失礼します。冷蔵庫の温度が高いです | コピペします。冷蔵庫の温度が高いです
冷蔵庫の温度が高いです = 同じ内容で恐縮です。冷蔵庫の温度が高いです
冷蔵庫の温度が高いです = 見落としがあるといけないので再送します。冷蔵庫の温度が高いです
冷蔵庫の温度が高いです = 3度目の投稿になります。冷蔵庫の温度が高いです
the fridge is too warm = Sending this one more time. The fridge is too warm. | Reposting: the fridge is too warm
the fridge is too warm = Not sure if this went through, so again: the fridge is too warm
the fridge is too warm = Pasting my message again. The fridge is too warm.
the fridge is too warm = I am writing again because I got no response. The fridge is too warm.
the fridge is too warm = [RESENT] the fridge is too warm | Sorry for the double post. The fridge is too warm.
the fridge is too warm = Second attempt: the fridge is too warm
the fridge is too warm = In case you missed my last message: the fridge is too warm
the fridge is too warm = the fridge is too warm (sending again) | Once more: the fridge is too warm
the fridge is too warm = Just bumping this. The fridge is too warm.
# greetings, introductions, signatures
印刷がずれます = すみませーん、印刷がずれます | あのぉ、印刷がずれます | もしもーし⏎印刷がずれます
印刷がずれます = すいませ〜ん 印刷がずれます | 恐れ入ります。印刷がずれます | お疲れさまですー。印刷がずれます
印刷がずれます = 喜多川製作所の安西です。印刷がずれます | お世話になります。喜多川製作所の安西です。印刷がずれます
印刷がずれます = 喜多川製作所の安西です。お世話になっております。印刷がずれます | 安西と申します。印刷がずれます
印刷がずれます = 喜多川製作所の安西ですが、印刷がずれます
お世話になります。喜多川製作所の安西です。印刷がずれます = 喜多川製作所の安西です。印刷がずれます
the belt is torn = Good evening, the belt is torn | Hello team, the belt is torn | Hi there,⏎the belt is torn
the belt is torn = Good morning,⏎⏎the belt is torn | Dear support, the belt is torn
the belt is torn = the belt is torn⏎Thanks, Owen | the belt is torn.⏎⏎Kind regards,⏎Owen | the belt is torn⏎— Owen
the belt is torn = the belt is torn.⏎Owen | the belt is torn. Thanks, Owen
the belt is torn = This is Owen from Halden Mills. The belt is torn. | Owen here, the belt is torn
the belt is torn = Hi, Owen from Halden Mills here. The belt is torn. | My name is Owen Reed. The belt is torn.
This is Owen from Halden Mills. The belt is torn. = Hello, this is Owen from Halden Mills. The belt is torn.
This is Owen from Halden Mills. The belt is torn. = Hi! This is Owen from Halden Mills, the belt is torn.
鍵の交換を頼みたい = すみませ〜〜ん!鍵の交換を頼みたい | あのー、鍵の交換を頼みたい | どうもー、鍵の交換を頼みたい
鍵の交換を頼みたい = こんにちは〜⏎鍵の交換を頼みたい | おはようございまーす。鍵の交換を頼みたい
鍵の交換を頼みたい = お忙しいところ申し訳ありません。鍵の交換を頼みたい | いつもお世話になってます!鍵の交換を頼みたい
鍵の交換を頼みたい = お世話になっております。株式会社三原工業の小野寺と申します。鍵の交換を頼みたい
鍵の交換を頼みたい = 三原工業の小野寺です。鍵の交換を頼みたい
鍵の交換を頼みたい = いつもお世話になっております。三原工業 小野寺です。鍵の交換を頼みたい
鍵の交換を頼みたい = はじめまして、小野寺と申します。鍵の交換を頼みたい
お世話になっております。三原工業の小野寺です。鍵の交換を頼みたい = 三原工業の小野寺と申します。鍵の交換を頼みたい
we need a second badge = Hey all, we need a second badge | Good afternoon team, we need a second badge
we need a second badge = Greetings! We need a second badge. | Dear all,⏎we need a second badge
we need a second badge = Hope you are well. We need a second badge.
we need a second badge = we need a second badge.⏎⏎Best,⏎Tilda | we need a second badge⏎Cheers, Tilda
we need a second badge = we need a second badge.⏎- Tilda | we need a second badge. Many thanks, Tilda Voss
we need a second badge = Tilda from Orrin Labs here. We need a second badge.
we need a second badge = Hello, my name is Tilda. We need a second badge. | We need a second badge.⏎Tilda Voss
# words of one sentence in kana
宛名を直して = あてなをなおして
振込先が違います = ふりこみさきがちがいます
早く返事して = ハヤクヘンジシテ | はやくへんじして
荷物の中身が壊れていました = にもつのなかみがこわれていました | 荷物のなかみがこわれていました
請求書の宛先を変えてください = せいきゅうしょのあてさきを変えてください | 請求書のあて先をかえてください
明日の会議室を取り消したいです = あしたの会議室をとりけしたいです
部屋の鍵が見つかりません = へやのかぎがみつかりません
今日の配達はまだですか = きょうの配達はまだですか
薬の受け取りが出来ません = くすりのうけとりができません
全員分の名札を作り直して下さい = ぜんいんぶんの名札をつくりなおしてください
机の引き出しが開かない = つくえの引き出しがあかない | つくえのひきだしがあかない
料金の内訳を教えてください = りょうきんのうちわけをおしえてください
看板の文字が消えています = かんばんのもじがきえています | カンバンの文字がきえています
電話をかけ直してほしい = でんわをかけなおしてほしい | 電話を掛けなおして欲しい
車の窓が閉まらない = くるまのまどがしまらない
注文を間違えました = ちゅうもんをまちがえました
昨日から水が出ません = きのうからみずがでません
箱が潰れて届きました = はこがつぶれてとどきました
返金の手続きはどうすればいいですか = へんきんの手つづきはどうすればいいですか
# another kanji of the same sound
仕訳の画面が重くて開けません = 仕分けの画面が重くて開けません
補償の範囲を教えてください = 保証の範囲を教えてください
処理の完了の連絡が来ていません = 処理の官僚の連絡が来ていません
勘定の科目が一つ足りません = 感情の科目が一つ足りません
今週の清算の画面が動きません = 今週の精算の画面が動きません
会議の以降の予定が表示されません = 会議の移行の予定が表示されません
倉庫の機会の音が大きすぎます = 倉庫の機械の音が大きすぎます
画像の回答を早めに上げてください = 画像の解凍を早めに上げてください
# phrases in another order
昨日からずっと、編集画面が固まっています = 編集画面が昨日からずっと固まっています
昨日からずっと、編集画面が固まっています = 編集画面がずっと固まっています、昨日から
今朝から倉庫の秤が反応しません = 倉庫の秤が今朝から反応しません | 倉庫の秤が反応しません、今朝から。
書類を大阪に送ってください = 大阪に書類を送ってください
since yesterday the sorter is down = the sorter is down since yesterday | the sorter, since yesterday, is down
When I scan a box the screen freezes = The screen freezes when I scan a box
for two days our scale has shown zero = our scale has shown zero for two days
今朝からプリンターがずっと止まっています = プリンターが今朝からずっと止まっています
今朝からプリンターがずっと止まっています = ずっと今朝からプリンターが止まっています
本日中に倉庫へ部品を届けてください = 部品を本日中に倉庫へ届けてください
先週から、ポイントが貯まりません = ポイントが先週から貯まりません | ポイントが貯まりません、先週から
Every morning the boiler stops = The boiler stops every morning
After the update my fonts look wrong = My fonts look wrong after the update
Since last week, our door code fails = Our door code fails since last week
# faces and laughter
棚が足りない = 棚が足りない(ToT) | 棚が足りないorz | 棚が足りない^^; | 棚が足りない(´;ω;`) | 棚が足りないっwww
棚が足りない = 棚が足りない T_T | 棚が足りない(>_<) | 棚が足りない(^_^;) | 棚が足りない(泣) | 棚が足りない>_<
画面が重い = 画面が重いってばーーー | 画面が重いよーーー | 画面が重いですーーー
my list is gone = my list is gone :'( | my list is gone T_T | my list is gone (╯°□°)╯︵ ┻━┻ | my list is gone xD
my list is gone = my list is gone ^^; | my list is gone >:(
足りない部品があります = 足りない部品があります(>_<)! | 足りない部品があります(；ω；) | 足りない部品があります…orz
足りない部品があります = 足りない部品がありますwwww | 足りない部品があります(´・ω・`) | 足りない部品があります(＞＜)
足りない部品があります = 足りない部品がありますm(__)m | 足りない部品があります;;
the map is wrong = the map is wrong :-( | the map is wrong ^_^; | the map is wrong (T_T) | the map is wrong ;-;
the map is wrong = the map is wrong =( | the map is wrong xDD
# misspelt
my folder disappeared = my folder dissapeared | my folder disapeared
I did not receive the parcel = I did not recieve the parcel
can you accommodate a wheelchair = can you accomodate a wheelchair
it broke after the update = it broke aftr the update
please separate the two lists = please seperate the two lists
the occurrence count is off = the occurence count is off
I was unsuccessful with the upload = I was unsucessful with the uplaod
the address is unnecessary = the adress is unneccessary
I need a new calendar = I need a new calender
my apartment is embarrassing = my appartment is embarassing
definitely the wrong colour = definately the wrong colour
the payment was cancelled tomorrow = the paymnet was cancelled tommorow
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
# letters left over by the input method: another content
ボタンはbです = ボタンはcです / これはbの棚です = これはcの棚です / できmした、印刷が = できません、印刷が
見積書がひらkました = 見積書がひらきません / 写真が見えmす = 写真が見えません / プランbにします = プランにします
荷物が届きmした = 荷物が届きません / エリアkの鍵 = エリアmの鍵 / 鍵がtかります = 鍵がかかりません
# nags that ask, that tell of silence, behind a sentence: another content
扉が閉まりませんが、どうなっていますか? = 窓が閉まりませんが、どうなっていますか?
> 扉が閉まりません⏎見ていただけました? = > 窓が閉まりません⏎見ていただけました?
請求書を見ていただけましたか = 見積書を見ていただけましたか / 契約の状況を教えてください = 在庫の状況を教えてください
did you read the contract = did you read the invoice / 返信の設定を教えてください = 通知の設定を教えてください
荷物が届いていません = 返品が届いていません / 動いていますか、エレベーターは = 届いていますか、エレベーターは
返信メールが届きません = 確認メールが届きません / 対応機種を教えてください = 対応言語を教えてください
誰も返信できません = 誰も投稿できません / my status is wrong = my balance is wrong
nobody can log in = nobody can log out / have you got a lift = have you got a pool
can someone help with the router = can someone help with the scanner
I have not received the keys = I have not received the tickets
# sent again, in any words: another content
請求書を再送してください = 納品書を再送してください / 請求書を再度お送りします = 納品書を再度お送りします
もう一度やり直したい = もう一度買い直したい
届いていないようなので再発行してください = 届いていないようなので返金してください
please resend the invoice = please resend the receipt / A案→B案に変更 = B案→A案に変更 / 写真を貼ります = 動画を貼ります
同じメールが何度も届きます = 同じ荷物が何度も届きます / 再送信ボタンが押せません = 再生ボタンが押せません
もう一度送ってください = もう一度見せてください / 二重に送信されます = 二重に請求されます
改めて見積もりを送ります = 改めて請求書を送ります / I sent it twice to Berlin = I sent it twice to Madrid
the resend button fails = the delete button fails
# greetings, introductions, signatures: another content
喜多川製作所の安西です。印刷がずれます = 喜多川製作所の安藤です。印刷がずれます
喜多川製作所の安西です。印刷がずれます = 喜多川製作所の安西です。電源が切れます
安西と申します。印刷がずれます = 安藤と申します。印刷がずれます
お世話になります。画面が真っ暗です。再起動しました = お世話になります。再起動しました
本店のレジです。紙が出ません = 支店のレジです。紙が出ません
This is Owen from Halden Mills. The belt is torn. = This is Owen from Halden Mills. The pump leaks.
This is Owen from Halden Mills. The belt is torn. = This is Ola from Halden Mills. The belt is torn.
the belt is torn.⏎Owen = the pump leaks.⏎Owen / the belt is torn⏎Thanks, Owen = the pump leaks⏎Thanks, Owen
担当の変更です。来月からです = 住所の変更です。来月からです / 本社の請求です。二重です = 支社の請求です。二重です
お世話になります。見積の件です。金額が違います = お世話になります。納品の件です。金額が違います
Tilda here, the lift is stuck = Tilda here, the gate is stuck / the lift is stuck.⏎Osaka = the lift is stuck.⏎Nagoya
hi bob, order arrived broken = hi bob, order arrived late
# words of one sentence in kana: another content
宛名を直して = あてさきをなおして / 振込先が違います = ふりかえさきがちがいます / 早く返事して = はやくへんきんして
荷物の中身が壊れていました = にもつのなかみがぬれていました / 部屋の鍵が見つかりません = へやのかさがみつかりません
明日の会議室を取り消したいです = きょうの会議室をとりけしたいです / 鈴木さんを呼んで = すずきさんをよばないで
入金が確認できません = しゅっきんがかくにんできません / 鍵を返してください = かみを返してください
机が届きません = いすがとどきません / 料金を教えてください = りょうりをおしえてください
担当者を替えて = たんとうしゃをかえさないで / 会議は来週です = かいぎはこんしゅうです / 窓が開かない = まどがあく
# another kanji of the same sound: another content
税込の金額を表示してください = 税抜の金額を表示してください
伊藤様の予約を取り消してください = 伊東様の予約を取り消してください / 売上の一覧が見えません = 買上の一覧が見えません
右側の扉が閉まりません = 左側の扉が閉まりません / 午前の枠を一つ空けてください = 午後の枠を一つ空けてください
大田区の店舗を登録してください = 太田市の店舗を登録してください
港店の在庫を確認してください = 湊店の在庫を確認してください
火曜の枠を一つ空けてください = 日曜の枠を一つ空けてください / 開始の時刻を変えてください = 終了の時刻を変えてください
安部商店の請求を止めてください = 阿部商店の請求を止めてください
東店の在庫を見せてください = 当店の在庫を見せてください / 川上様の予約を見せてください = 河上様の予約を見せてください
入庫の数が合いません = 出庫の数が合いません / 前日の売上を出してください = 全日の売上が出してください
# phrases in another order: another content
倉庫から店舗へ移してください = 店舗から倉庫へ移してください / 犬が猫を追いかけています = 猫が犬を追いかけています
赤が先で青が後です = 青が先で赤が後です / 朝は使えるが夜も使えない = 夜も使えるが朝は使えない
昨日買った服が今日届いた = 今日買った服が昨日届いた
the mixer is faster than the oven = the oven is faster than the mixer
move the file from inbox to archive = move the file from archive to inbox
Owen paid Marta since yesterday = Marta paid Owen since yesterday
the alarm rings after the door opens = the door opens after the alarm rings
before lunch the line stops = after lunch the line stops / 田中さんに佐藤さんを紹介して = 佐藤さんに田中さんを紹介して
上司が部下に渡しました = 部下が上司に渡しました / 部品を外して箱を閉めた = 箱を外して部品を閉めた
the red cable goes into the blue port = the blue cable goes into the red port
if the alarm rings open the gate = if the gate rings open the alarm
昨日登録した住所が今日消えた = 今日登録した住所が昨日消えた / AよりBが高い = BよりAが高い
# misspelt: another content
please adapt the contract = please adopt the contract / I was charged for storage = I was changed for storage
the message was sent = the massage was sent / my personal file is gone = my personnel file is gone
the desert was late = the dessert was late / please complement the set = please compliment the staff
# others: another content
host-a: disk is full = host-b: disk is full / web01: restart please = web02: restart please / 在庫: 3 = 在庫: 5
赤いTシャツをください = 赤いシャツをください / 赤いTシャツをください = 赤いYシャツをください
Please add to my order⏎- Apples = Please add to my order⏎- Pears
ship it to our store - Osaka = ship it to our store - Nagoya
The shop is closed today.⏎Osaka = The shop is closed today.⏎Nagoya
# faces and laughter: another content
:(){ fork = :(){ pork
# one sound, another word
会員の登録を停止してください = 会員の登録を提示してください / 前期の売上を出してください = 全期の売上を出してください
"""

_COURTESY = """
ありがとうございます | ありがとうございました!! | はい | はーい | いいえ | 了解です | 承知しました |
承知いたしました。 | わかりました | 助かりましたー😊 | できました! | OK | おっけーです | ok thanks | got it! |
Done. | yes please | Thank you so much!! | thanksssss | お世話になっております。 | よろしくお願いいたします。 |
Hi team | Hello! | おはようございます | 👍 | <@U123ABC> | 🙏🙏 | (^^) | ... | すみません | お疲れ様です |
大丈夫です | なるほど | そうです | 確認しました | いいえ、まだです | はい、大丈夫です | no problem | 見てみます |
はい、ありがとうございます。助かりました。 | sure, will do | 了解しました。よろしくお願いします。 | 届きました |
解決しました! | おつかれさまです | それでお願いします | かしこまりました。ありがとうございます。 |
user-eae429: yes | bob, ok | bob: thanks | yees | okey | bah | 1 | 2. | yea | hmm | meh | ah ok | はいい |
りょーかい | mary: thank you very much | kim_: lol |
お世話になっております。喜多川製作所の安西です。ありがとうございました。 | anna: ok thx | yess | okk | ええと | 7 |
hm | @bob yep | tom, sure | うん、わかった | ahh | すみませーん | もしもーし | Good morning,
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
