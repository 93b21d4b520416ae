//! Whole files.

use super::*;

const HEAD: &str = "Nom;Prénom;Courriel;SIRET;Population;Téléphone\n";

fn read_text(text: &str) -> File {
    read(format!("{HEAD}{text}").as_bytes()).expect("a file")
}

fn fault(line: &str) -> Fault {
    let file = read_text(line);
    assert!(file.lines.is_empty(), "{line}");
    file.faults.into_iter().next().expect("a fault")
}

#[test]
fn a_good_line_is_read_with_its_spaces_in_order() {
    let file = read_text(
        " Le  Gall ;Anne-Élise;Anne@Interieur.gouv.fr;110 014 016 00015;Stagiaire;+33 1 40 07 60 60\n",
    );
    let line = &file.lines[0];
    assert_eq!(line.usual_name, "Le Gall");
    assert_eq!(line.email.as_str(), "Anne@interieur.gouv.fr");
    assert_eq!(
        line.siret.as_ref().map(Siret14::as_str),
        Some("11001401600015")
    );
    assert_eq!(line.population, Some(kernel::Population::Stagiaire));
    assert_eq!(line.phone.as_deref(), Some("+33 1 40 07 60 60"));
    assert_eq!((line.number, file.faults.len()), (2, 0));
}

#[test]
fn each_fault_is_named_with_its_column_and_what_may_have_been_meant() {
    let long = format!("{};A;a@x.fr;;;", "n".repeat(257));
    let meant = |text: &str| Some(text.to_owned());
    for (line, column, cause) in [
        (";A;a@x.fr;;;", "Nom", Cause::Missing),
        ("N;;a@x.fr;;;", "Prénom", Cause::Missing),
        ("N;A;;;;", "Courriel", Cause::Missing),
        (&long, "Nom", Cause::TooLong { most: 256 }),
        ("N\u{7};A;a@x.fr;;;", "Nom", Cause::Control),
        ("\"N\nM\";A;a@x.fr;;;", "Nom", Cause::Control),
        ("=1+1;A;a@x.fr;;;", "Nom", Cause::Formula),
        ("N;@SUM(1);a@x.fr;;;", "Prénom", Cause::Formula),
        ("N;A;-a@x.fr;;;", "Courriel", Cause::Formula),
        ("N;A;'=a@x.fr;;;", "Courriel", Cause::Formula),
        (
            "N;A;a@x.fr;;;+cmd|' /C calc'!A0",
            "Téléphone",
            Cause::Formula,
        ),
        (
            "N;A;a.vidal@interieur,gouv.fr;;;",
            "Courriel",
            Cause::Address {
                meant: meant("a.vidal@interieur.gouv.fr"),
            },
        ),
        (
            "N;A;zoé@x.fr;;;",
            "Courriel",
            Cause::Address {
                meant: meant("zoe@x.fr"),
            },
        ),
        ("N;A;rien;;;", "Courriel", Cause::Address { meant: None }),
        (
            "N;A;a@x.fr;1100140160001;;",
            "SIRET",
            Cause::SiretLength { digits: 13 },
        ),
        (
            "N;A;a@x.fr;1100140160001X;;",
            "SIRET",
            Cause::SiretLength { digits: 13 },
        ),
        (
            "N;A;a@x.fr;11001401600025;;",
            "SIRET",
            Cause::SiretKey {
                meant: "11001401600023".to_owned(),
            },
        ),
        ("N;A;a@x.fr;;ministre;", "Population", Cause::Population),
    ] {
        let fault = fault(line);
        assert_eq!(fault.cause, cause, "{line}");
        assert_eq!(fault.column.as_deref(), Some(column), "{line}");
        assert_eq!(fault.line, 2, "{line}");
    }
    let more = fault("N;A;a@x.fr;;;;de trop");
    assert_eq!(
        more.cause,
        Cause::Fields {
            found: 7,
            columns: 6
        }
    );
    assert_eq!(more.column, None);
}

#[test]
fn an_address_that_comes_twice_is_good_the_first_time() {
    let file = read_text("N;A;a@x.fr;;;\nM;B;A@X.fr;;;\n");
    assert_eq!((file.lines.len(), file.faults.len()), (1, 1));
    assert_eq!(file.faults[0].cause, Cause::TwiceInFile { line: 2 });
    assert_eq!(file.faults[0].line, 3);
}

#[test]
fn a_file_that_cannot_be_used_is_refused_as_a_whole() {
    assert_eq!(read(b""), Err(Refusal::Empty));
    assert_eq!(read(HEAD.as_bytes()), Err(Refusal::Empty));
    assert_eq!(read(&vec![b'a'; MOST_BYTES + 1]), Err(Refusal::TooLarge));
    assert_eq!(
        read(b"nom;grade\na;b\n"),
        Err(Refusal::Columns(vec![Field::GivenName, Field::Email]))
    );
}

#[test]
fn what_we_export_is_no_formula_and_is_read_again_as_it_was() {
    for cell in ["=1+1", "+33 1", "-x", "@a", "\tx", "Nom", "'x", ""] {
        let safe = neutralised(cell);
        assert!(!safe.starts_with(['=', '+', '-', '@', '\t']), "{safe}");
    }
    let phone = neutralised("+33 1 40 07 60 60");
    let file = read_text(&format!("N;A;a@x.fr;;;{phone}\n"));
    assert_eq!(file.lines[0].phone.as_deref(), Some("+33 1 40 07 60 60"));
}

#[test]
fn a_slip_of_a_quote_is_a_fault_and_no_more() {
    let file = read_text("\"N;A;a@x.fr;;;\nM;B;b@x.fr;;;\n");
    assert_eq!((file.lines.len(), file.faults.len()), (0, 1));
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..600)) {
        drop(read(&bytes));
        let mut below = HEAD.as_bytes().to_vec();
        below.extend(&bytes);
        if let Ok(file) = read(&below) {
            for fault in &file.faults {
                let json = serde_json::to_string(fault).expect("json");
                proptest::prop_assert_eq!(&serde_json::from_str::<Fault>(&json).expect("a fault"), fault);
                proptest::prop_assert!(!json.contains("\\u0000"));
            }
        }
    }

    #[test]
    fn any_cells_are_read_or_named(cells in proptest::collection::vec(".{0,40}", 6)) {
        let file = read(format!("{HEAD}{}\n", cells.join(";")).as_bytes());
        if let Ok(file) = file {
            proptest::prop_assert!(file.lines.len() + file.faults.len() >= 1);
        }
    }
}
