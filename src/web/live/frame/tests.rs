//! Frames there and back, whole, in bits and broken.

use proptest::prelude::*;

use super::*;

const MASK: [u8; 4] = [0x1f, 0x2e, 0x3d, 0x4c];

/// As a browser sends it.
fn masked(first: u8, payload: &[u8]) -> Vec<u8> {
    let plain = encode(first & 0x0f, payload);
    let header = plain.len() - payload.len();
    let mut frame = plain[..header].to_vec();
    frame[0] = first;
    frame[1] |= 0x80;
    frame.extend(MASK);
    frame.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    frame
}

fn read(bytes: &[u8]) -> Result<Vec<Heard>, Violation> {
    let mut reader = Reader::default();
    reader.push(bytes);
    let mut heard = Vec::new();
    while let Some(one) = reader.next()? {
        heard.push(one);
    }
    Ok(heard)
}

#[test]
fn a_message_may_come_in_fragments_with_a_ping_between_them() {
    let bytes = [
        masked(TEXT, "seen ".as_bytes()),
        masked(FINAL | PING, b"?"),
        masked(0, b"4"),
        masked(FINAL, b"2"),
        masked(FINAL | PONG, b""),
        masked(FINAL | CLOSE, &1000_u16.to_be_bytes()),
    ]
    .concat();
    let heard = [
        Heard::Fragment,
        Heard::Ping(b"?".to_vec()),
        Heard::Fragment,
        Heard::Text("seen 42".into()),
        Heard::Pong,
        Heard::Close,
    ];
    assert_eq!(read(&bytes).unwrap(), heard);
}

#[test]
fn what_no_browser_sends_is_refused_by_its_first_bytes() {
    let long = masked(FINAL | TEXT, &vec![b'a'; LARGEST_MESSAGE + 1]);
    let fragments = [masked(TEXT, &vec![b'a'; LARGEST_MESSAGE]), masked(0, b"a")].concat();
    for (bytes, violation) in [
        (text("a").to_vec(), Violation::Unmasked),
        (masked(FINAL | 0x2, b"a"), Violation::NotText),
        (masked(FINAL | TEXT, b"\xff"), Violation::NotText),
        (long[..8].to_vec(), Violation::TooLong),
        (fragments, Violation::TooLong),
        (vec![FINAL | TEXT, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0], Violation::TooLong),
        (masked(FINAL, b"a"), Violation::Malformed),
        ([masked(TEXT, b"a"), masked(FINAL | TEXT, b"b")].concat(), Violation::Malformed),
        (masked(PING, b""), Violation::Malformed),
        (masked(FINAL | PING, &[0; 126]), Violation::Malformed),
        (masked(FINAL | 0x40 | TEXT, b"a"), Violation::Malformed),
        (masked(FINAL | 0x3, b"a"), Violation::Malformed),
        (masked(FINAL | 0xB, b"a"), Violation::Malformed),
    ] {
        assert_eq!(read(&bytes), Err(violation), "{:?}", &bytes[..bytes.len().min(20)]);
    }
    assert!(read(&masked(FINAL | TEXT, &vec![b'a'; LARGEST_MESSAGE])).is_ok());
}

#[test]
fn nothing_is_kept_between_frames() {
    let mut reader = Reader::default();
    reader.push(&masked(FINAL | TEXT, &[b'a'; 1_000]));
    reader.next().unwrap();
    assert_eq!((reader.bytes.capacity(), reader.message), (0, None));
}

proptest! {
    #[test]
    fn a_message_comes_back_as_it_went_however_it_is_cut(words in ".{0,400}", cut in 1_usize..64) {
        let bytes = masked(FINAL | TEXT, words.as_bytes());
        let mut reader = Reader::default();
        let mut heard = Vec::new();
        for part in bytes.chunks(cut) {
            reader.push(part);
            while let Some(one) = reader.next().unwrap() {
                heard.push(one);
            }
        }
        prop_assert_eq!(heard, [Heard::Text(words)]);
    }

    #[test]
    fn whatever_comes_is_read_without_a_panic_and_in_bounded_memory(parts in proptest::collection::vec(
        proptest::collection::vec(any::<u8>(), 0..300), 0..20))
    {
        let mut reader = Reader::default();
        for part in parts {
            reader.push(&part);
            while let Ok(Some(_)) = reader.next() {}
            prop_assert!(reader.bytes.len() <= LARGEST_MESSAGE + 6_000);
        }
    }
}

#[test]
fn what_we_send_is_read_by_a_reader_of_the_wire() {
    for size in [0, 1, 125, 126, 127, 65_535, 65_536, 70_000] {
        let bytes = text(&"a".repeat(size));
        let mut cursor = Cursor::new(&bytes[..]);
        let (header, length) = FrameHeader::parse(&mut cursor).unwrap().unwrap();
        assert!(header.is_final && header.mask.is_none() && header.opcode == OpCode::Data(Data::Text));
        let start = usize::try_from(cursor.position()).unwrap();
        assert_eq!((length, bytes.len()), (size as u64, start + size));
    }
    assert_eq!(&close(Ending::TooSlow)[..], [0x88, 2, 0x11, 0x38]);
}
