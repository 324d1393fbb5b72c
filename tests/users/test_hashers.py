from users.hashers import StatedArgon2


def test_a_hash_states_what_it_cost() -> None:
    hasher = StatedArgon2()

    hashed = hasher.encode("tall-otters-swim-9", hasher.salt())

    assert hashed.startswith("argon2$argon2id$v=19$m=47104,t=2,p=1$")
    assert hasher.verify("tall-otters-swim-9", hashed)
    assert not hasher.must_update(hashed)


def test_a_hash_of_other_numbers_still_opens_and_is_out_of_date() -> None:
    # Django 5.2's own numbers, of "tall-otters-swim-9".
    hashed = "argon2$argon2id$v=19$m=102400,t=2,p=8$MFExQWN0bEp0MGY2cUJmTVRVbU5WSw$WvF72hxBp3+138WMQOqZokPEeLKOkE1tBvT/lv2ng98"

    assert StatedArgon2().verify("tall-otters-swim-9", hashed)
    assert StatedArgon2().must_update(hashed)
