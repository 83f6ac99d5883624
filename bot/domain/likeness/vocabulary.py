"""Words that are real words, so that a slip of the finger is told from another word."""

# Kana words of support talk, katakana folded. Two of them one kana apart are two words, not one mistyped.
_KANA = """
あいこん あうと あかうんと あく あくせす あくてぃぶ あげ あげる あさ あした あじあ あす あそこ あちら あっぷ
あっぷろーど あつい あと あとで あどれす あなた あぷり あめ あらーと あり あれ あんけーと いいえ いかい いきたい
いく いくら いす いつ いぬ いべんと いま いめーじ いや いらすと いる いれる いんく いんすとーる いんたーねっと
いんぽーと うえ うち うら うりたい うりば えあこん えくすぽーと えらー えんとりー おおきい おく おくる おす おそい
おと おふ おふぃす おぷしょん おもて おや おりる おわり おん おんらいん おーだー おーなー かいたい かいと かう
かえる かお かきたい かぎ かく かげ かさ かす かぜ かた かばん かばー かみ かめら からー かりる かーど がいど がす
がめん がらす きおく ききたい きく きっず きのう きゃっしゅ きゃんせる きゃんぷ きゃんぺーん きゅう きょう きる
きー くつ くらうど くらす くりあ くりっく くる くれーむ くろ ぐらふ ぐるーぷ ぐれーど けす けっか けん けーき
けーす けーぶる げすと げーと げーむ ここ こすと こちら こども こぴー こむ こめんと これ こん こんてんつ こーす
こーと こーど こーひー ごはん ごみ さいず さいと さき さけ さげる さぽーと さむい さん さんぷる さーばー さーび
さーびす しすてむ した しふと しま しまる しめ しゃつ しゃわー しょう しょっぷ しりある しんぐる しーつ しーと
じかん じゃんる すいっち すかーと すき すきっぷ すきゃん すくり すけじゅーる すたっふ すたーと すてーじ すとっく
すとっぷ すぴーか すまほ すらいど すろーぷ すーつ せっと せる せん せーる ぜん そこ そちら そと そふと それ たいと
たいとる たいぷ たいむ たいや たおる たかい たぐ たす たすく たぶ たぶる たぶれっと だいや だうんろーど だぶる だめ
だれ ちいさい ちぇあ ちぇっく ちゃっと ちゃーと ちらし ちーず ちーむ つい ついん つき つぎ つける つーる てすと
てれび てーぶる てーま でざいん です ですく でも でんき でーた とき とじる とまる とらぶる とれい どあ どこ どちら
どらいばー どらいぶ どらいやー どれ なか ながい なし なつ なに なべ なまえ にく にもつ ねこ ねっと ねつ のーと はい
はいる はがき はこ はし はな はは はやい はる はれ ばい ばいく ばぐ ばす ばすた ばっく ばっぐ ばなー ばんど ばー
ばーじょん ぱす ぱすた ぱすぽーと ぱすわーど ぱそこん ぱっく ぱん ぱーく ぱーつ ひだり ひと ひま ひらく ひる びざ
びじねす びる びーる ぴざ ふぁいる ふぃるた ふえる ふぉるだ ふぉると ふぉんと ふぉーむ ふく ふた ふね ふゆ ふろ
ふろあ ふろんと ぶらうざ ぶらんど ぶろっく ぷらいす ぷらいべーと ぷらす ぷらん ぷりん ぷりんた ぷれぜん ぷれみあむ
ぷれー ぷろ へや へる へるぷ べっと べっど べると ぺっと ぺん ぺーじ ほか ほすと ほてる ほん ほーむ ほーる ぼたん
ぼーる ぽいんと ぽすと ぽっと まいく まうす まえ まくら ますく ますたー まちがい まっと まつ まで まど まにゅある
まねー まま まーく みぎ みじかい みず みせ みち みる みるく みーる むすこ むすめ めにゅー めも めんばー めーかー
めーる もっと もつ もにたー もーど やさい やすい やま ゆき ゆーざ ゆーざー よこ よみたい よる らいと らいぶ らいん
らべる らんく らんち らーめん りすと りせっと りんく りんご りーだー るーと るーむ るーる れしぴ れしーと れすと
れべる れぽーと れんず れーと ろぐ ろぐあうと ろぐいん ろぐおん ろご ろごろく ろっく ろーど ろーる わいん わく
わごむ わーど
"""
# Frequent English words, support words, and words that an ordinary slip could make of them.
_ENGLISH = """
a able about above accept access account accounts across act action activate activation active adapt add added
address admin adopt advice advise affect after again against age agent ago agree air alarm alert all allergy
allocation allow allowed almost alone along already also alteration always am amendment amount an and android angel
angle another answer any anyone anything apartment api app appear apple apply appointment april are area arms army
around arrive arrived as ask asked asking assignment assist at attach attend august authentication authorization
auto availability avatar away baby back backup bad bag balance ball band bandwidth bank bar base basic basket bath
bathroom bay be bear beat because bed bedroom beds been beer bees before began begin behind bell below belt bend
best beta bets better between big bike bill billed biller billing bills bin bit bite black blank block blog blow
blue board boarder boat body bold bomb bone book booked booking bookmark boot border born boss both bottom bought
bowl box brake branch brand bread break breakfast breath breathe bright bring broken brown browser bug build bulk
burn bus bush business busy but button buy buyer by cable cache cafe cage cake calculation calendar call called
calm came camera camp campaign can cancel canceled cancelled cap capacity cape car card cards care cart case cash
cat catch cause cave cell center certificate chain chair change changed channel character charge chargeback charged
charges chart chat cheap check checkbox checked checkout child chip choice choose chose city claim class clean
cleaner clear click client clinic close closed closet cloud club coal coat code codes coffee coin cold colleague
color column come comes command comment common company comparison complaint complete compliance component computer
configuration confirm connect connection connector contact container content contract conversion cook cookie cope
copy cord core corn correct cost costume cottage could count counter country coupon cover crash cream create
created credit crew crm crop csv curb cure currency current curtain custom customer customers cut cycle dark data
database date dates dawn day days dead deadline deal dealer dean dear debit december decision deck decline deep
default definition delay delete deleted deliver delivered delivery demo dentist deny department deploy deployment
deposit desert desk desktop dessert destination detail details development device dial dialog did die different
digital dinner direct directory dirty disable disabled disc discount dish disk display do dock doctor document does
dog domain done door doorway dosage dose double down download draft draw drawer dream drive driver drop due
duplicate duration during dust duty each early earn east easy echo edge edit editing editor effect eight either
elevator else email emails employee employer empty enable enabled end engine engineer english enough enter entrance
entry environment equipment error errors estimate evaluation even event ever every everyone exact example except
exception exchange execution exist exit expense expire expired export extend extension external extra eye face fact
fade fail failed failure fair fall false family fan far fare farm fast fate fax fear feat feature february fee feed
feel feet fell few field fifth fight figure file filed files fill film filter final find fine fire firewall firm
first fish fist fit five fix fixed flag flat flight flip floor flour flow flower foil fold folder folk follow food
fool foot for force forget fork form formal formally format former forms fort forward foul found four fourth frame
framework free frequency fresh friday friend fright from front fuel full function fund future gain gale game garage
garden gas gate gateway gave gear generation germ get gets gift girl give given glad glass go goal goat goes gold
golder gone good got grade grand grant graph gray great green grey grid grip group grow guarantee guard guest guide
gulf had hail hair half hall hand handling hang happen hard hardware has hat hate have hawk he head header heal
health heap hear heart heat heater heating heavy heel held hello help her here hero hi hide high hike hill him hint
his history hit hold holder hole holiday home hook hope horn hose host hot hotel hotter hour hours house how http
huge human hundred hunt hurt i ice icon idea identity if image images implementation import in inbound inbox inch
incident include income increase index individual industry info information injection input inside install instance
instead instruction insurance integration interest interface internal interval into inventory investigation invite
invited invoice invoices iron is issue issues it item items its jail jan january jazz job join joined joke july
jump june junk jury just keen keep keeps kept kettle key keyboard keys kick kids kill kind king kiss kitchen kite
knew know known label lace lack ladder lady lake lamp land lane language laptop large last lastest late latency
later latest latter launch laundry law lawn lay layout lazy lead leader leaf leak lean learn least leave left legal
lend lens less let letter level liar library license life lift light lighter like limb lime limit line link links
lion lips list listed lists live load loader loads loaf loan lobby local location lock locked loft log logged login
logo logout long look loose lord lose lost lot loud love low luck luggage lunch lung mac machine mad made maid mail
main maintenance make male mall malt man management manager many map march marine mark market mask mass massage master
match mate material matter mattress maximum may maybe maze me meal mean measurement meat mechanism meet meeting
melt member members memory men menu merchant merge mess message messages meter mid might migration mile milk mill
mind mine minimum mint minute mirror miss mist mobile mode model modem mole monday money monitor month monthly
months mood moon more morning mortgage moss most moth mouse mouth move moved movie much multiple music must my myth
nail name names near neat neck need needed negative nest network never new news next nice night nine no none noon
nor norm north nose not note notes nothing notice notification november now number numbers nurse nuts oath object
october odds of off offer office offline often oil ok okay old older on once one online only open opened operation
opportunity option or order ordered orders organization original other our out outbound outlet outside oven over
overview own owner pace pack package page pages paid pain paint pair palm panel pant paper paragraph parameter
parcel parent park parking part partner parts party pass passport password past path patient pause pay payee payer
payment payments payroll pdf peak pear peel pen penalty people per percentage performance period permission person
personal personnel pest phone photo pick picture pile pill pillow pin pine ping pink pint pipe pipeline place plan
plane planet plans plant plate platform play please plumber plus point pole policy poll pond pool poor pop pope
pork port portal portfolio position positive possible post posted pound pour power pray preference premium
prescription present presentation preview previous prey price primary principal principle print printer private
prize problem procedure process product production professional profile program project promise proof property
proposal protocol provider public publication pull pump purchase pure push put qualification quality quantity
quarter question queue quick quiet quit quite quota quote race rack rage raid rail rain raise ran range rank rare
rate rather reach read reader ready real really rear reason reboot receipt receive received recommendation record
red reduce refer reference refrigerator refund refunded register registration regular reject relationship release
reminder remote remove removed rename renew rent repair repeat replacement reply report reports representative
request requirement resend reservation reset resolution resource response responsible rest restart restore
restriction result return returned revenue review revision rice rich ride right ring riot rise risk river road robe
rock role roll roof room rooms root rope rose rotate rotating rotation round route router row rows rude ruin rule
run runs rush rust sack safe said sail sale sales salt same sand sat satisfaction saturday sauce save saved savings
say says scan scanner schedule school screen script sea seal search seat second secret section security see seed
seem seen select selection self sell seller send sender sending sends sense sent september sequence serial server
service session set setting settings seven several shall shape share shared she shed sheet shelf shell ship
shipment shipped shipping shirt shoe shoes shop short shortcut shot should shout show shower shown shows shut
shuttle sick side sideways sight sign signature signed silk silver similar simple since single sink site situation
six size skill skin skip skull sky sleep slide slim slip slot slow small sms snap snow so soak soap soar social
soft software soil sold sole solution some someone song soon sore sort soul sound soup sour source south space spam
speak special specification speed spell spend spin spit split spoon spot spray staff stage staging staircase stand
standard star start started state statement station stationary stationery statistics stay steam stem step steps
still stir stock stop stopped storage store storm story strategy street string strong structure student style
subject submit subscription substitute such suggestion suit suitcase summary summer sun sunday sung supervisor
supplier supply support sure surf surgery survey suspension swap swimming switch symptom sync system tab table tag
tail take taken tale tall tank tape task tax taxi team tear teen telephone tell template temporary ten tent term
terminal terrace test tested testing text than thank that the their them then there these they thing think third
this thorough those though thought three threshold through thursday tick ticket tickets tide tie tile till time
timeout times tiny tip tire title to today toes together toilet token told toll tomorrow tone too took tool top
torn toss total touch tour toward towel town track tracking trade traffic train training transaction transfer
translation transmission transport trap travel tray tree trial trim trip trouble true trust try tube tuesday tune
turn twin two type ugly under undo unit until up update updated upgrade upload upon us usage use used user users
uses vaccine vacuum vain valid validation value variable variation vase vast vat vehicle vein vendor verification
verify version very vest video view violation visa visibility visible visit voice vote wage wait waiting wake walk
wall wallet want wanted wants ward warehouse warm warn warning warranty was wash washing watch water wave wax way
we weak web website wednesday weed week weekly weeks weight well went were west what wheel when where whether which
while whip white who whole why wide wife wifi will win wind window wine wing winter wipe wire wise wish with
withdraw within without wolf woman wood wool word words work worked worker workflow working works workspace world
worm worse would wrap write wrong wrote xml yard yarn year yearly years yellow yes yesterday yet you young your
zero zip zone
"""
# May stand in one of two sentences and lack in the other without changing what it says.
_IDLE = """
a actually again already also an asap at currently even ever for here hey immediately just kindly now of oh ok on
please quickly really right simply so soon still that the then to too very well
"""
KANA_WORDS = frozenset(_KANA.split())
ENGLISH_WORDS = frozenset(_ENGLISH.split())
IDLE_WORDS = frozenset(_IDLE.split())
