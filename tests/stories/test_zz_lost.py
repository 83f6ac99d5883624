
from test_reliability import *
async def test_lost(instant):
    bad=0
    for n in range(40):
        try:
            await instant.round(n, lost=True)
        except AssertionError as e:
            bad+=1
            if bad<3: print("FAIL", str(e)[:300])
            instant.houses[0].one("UPDATE outbox SET state = 'sent', lease_until = NULL WHERE state <> 'sent'")
            instant.houses[0].one("DELETE FROM moves")
    print("lost race: bad rounds", bad, "of 40", "late", instant.late)
