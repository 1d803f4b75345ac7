//! The vault: what is sealed opens only in its place and under its key.

use proptest::prelude::*;

use super::*;

const IDENTITY: &str = "990101199003071234";

fn place(row: &str) -> Place<'_> {
    Place { column: "person.identity", row }
}

#[test]
fn masks_keep_head_and_tail() {
    //
    assert_eq!(Identity::from_clear(IDENTITY.into()).masked(), "990***********1234");
    assert_eq!(Phone::from_clear("139 0000 1234".into()).masked(), "139****1234");
    assert_eq!(BankAccount::from_clear("6222020000001234567".into()).masked(), "622202*********4567");
    assert_eq!(Phone::from_clear("12345".into()).masked(), "****5", "too short for head and tail");
    assert_eq!(Phone::from_clear("1".into()).masked(), "*");
    assert_eq!(Phone::from_clear(String::new()).masked(), "");
    for (name, masked) in [("张三", "*三"), ("欧阳小明", "***明"), ("Li Lei", "L* L**"), ("王", "王"), ("", "")]
    {
        assert_eq!(mask_name(name), masked);
    }
}

#[test]
fn numbers_of_people_are_masked_inside_a_text_and_no_others() {
    //
    for (text, masked) in [
        ("no table 990101199003071234 here", "no table 990***********1234 here"),
        ("99010119900307123x、13900001234。", "990***********123x、139****1234。"),
        ("9901011990030712345 1390000123 12345678901", "9901011990030712345 1390000123 12345678901"),
        ("990101339003071234", "990101339003071234"),
        ("借据 JJ-000001，29,817.99 元", "借据 JJ-000001，29,817.99 元"),
        ("", ""),
    ] {
        assert_eq!(mask_numbers(text), masked);
    }
}

#[test]
fn mailboxes_are_masked_inside_a_text() {
    //
    for (text, masked) in [
        ("<liang.wu@example.test>: no such user", "<l***@example.test>: no such user"),
        ("信箱 张三@例.cn 已满；a@b.cn, c+d@e.cn", "信箱 张***@例.cn 已满；a***@b.cn, c***@e.cn"),
        ("@ nobody", "@ nobody"),
        ("", ""),
    ] {
        assert_eq!(mask_mailboxes(text), masked);
    }
}

#[test]
fn one_number_has_one_index_however_it_is_written() {
    let vault = Vault::for_tests(7);
    let index = |text: &str| vault.blind_index(&Identity::from_clear(text.into()));
    assert_eq!(index("99010119900307123x"), index(" 990101 19900307 123X "));
    assert_eq!(index("99010119900307123X"), index("９９０１０１１９９００３０７１２３Ｘ"));
    assert_ne!(index("990101199003071234"), index("990101199003071235"));
    let phone = vault.blind_index(&Phone::from_clear(IDENTITY.into()));
    assert_ne!(index(IDENTITY), phone, "kinds do not mix");
    assert_ne!(index(IDENTITY), Vault::for_tests(8).blind_index(&Identity::from_clear(IDENTITY.into())));
    assert_eq!(index(IDENTITY).len(), 32);
    assert_eq!(Phone::from_clear("139-0000-1234".into()).last_digits(), "1234");
}

#[test]
fn nothing_in_clear_is_printed() {
    let vault = Vault::for_tests(7);
    let clear = Identity::from_clear(IDENTITY.into());
    let sealed = vault.seal(place("1"), &clear);
    for shown in [format!("{clear:?}"), format!("{sealed:?}"), format!("{vault:?}")] {
        assert!(!shown.contains(IDENTITY) && shown.len() < 24, "{shown}");
    }
    assert!(!sealed.envelope().windows(6).any(|window| window == &IDENTITY.as_bytes()[..6]));
}

#[test]
fn a_value_moved_to_another_row_or_column_does_not_open() {
    let vault = Vault::for_tests(7);
    let sealed = vault.seal(place("1"), &Identity::from_clear(IDENTITY.into()));
    assert_eq!(vault.open(place("1"), &sealed).unwrap().clear(), IDENTITY);
    assert!(matches!(vault.open(place("2"), &sealed), Err(VaultError::Tampered { .. })));
    let elsewhere = Place { column: "person.passport", row: "1" };
    assert!(matches!(vault.open(elsewhere, &sealed), Err(VaultError::Tampered { column: "person.passport" })));
}

#[test]
fn another_key_says_whose_key_is_missing() {
    let sealed = Vault::for_tests(7).seal(place("1"), &Identity::from_clear(IDENTITY.into()));
    let error = Vault::for_tests(8).open(place("1"), &sealed).unwrap_err();
    assert!(error.to_string().contains("07070707") && error.to_string().contains("08080808"), "{error}");
}

#[test]
fn the_key_file_is_private_kept_and_explained_when_lost() {
    let path = crate::testbed::scratch("key");
    let vault = Vault::create(&path).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let sealed = vault.seal(place("1"), &Identity::from_clear(IDENTITY.into()));
    let again = Vault::open_file(&path).unwrap();
    assert_eq!(again.open(place("1"), &sealed).unwrap().clear(), IDENTITY);
    assert!(matches!(Vault::create(&path), Err(VaultError::KeyFileExists { .. })));
    std::fs::write(&path, "loanward key file, version 1\nid 0\nkey 1\n").unwrap();
    assert!(matches!(Vault::open_file(&path), Err(VaultError::KeyFileDamaged { .. })));
    std::fs::remove_file(&path).unwrap();
    let lost = Vault::open_file(&path).unwrap_err().to_string();
    assert!(lost.contains("Restore it from the copy"), "{lost}");
}

proptest! {
    #[test]
    fn whatever_is_sealed_opens_again(text in "\\PC{0,80}", row in "\\PC{0,20}") {
        let vault = Vault::for_tests(1);
        let sealed = vault.seal(place(&row), &Phone::from_clear(text.clone()));
        let opened = vault.open(place(&row), &sealed).unwrap();
        prop_assert_eq!(opened.clear(), text);
    }

    #[test]
    fn a_changed_byte_anywhere_never_opens(text in "\\PC{1,40}", at in any::<proptest::sample::Index>(), flip in 1_u8..) {
        let vault = Vault::for_tests(1);
        let sealed = vault.seal(place("1"), &Phone::from_clear(text));
        let mut envelope = sealed.envelope().to_vec();
        let at = at.index(envelope.len());
        envelope[at] ^= flip;
        prop_assert!(vault.open(place("1"), &Sealed::<Phone>::new(envelope)).is_err());
    }

    #[test]
    fn a_cut_off_envelope_never_opens(keep in 0_usize..40) {
        let vault = Vault::for_tests(1);
        let sealed = vault.seal(place("1"), &Phone::from_clear("13900001234".into()));
        let cut = sealed.envelope()[..keep.min(sealed.envelope().len() - 1)].to_vec();
        prop_assert!(vault.open(place("1"), &Sealed::<Phone>::new(cut)).is_err());
    }
}
