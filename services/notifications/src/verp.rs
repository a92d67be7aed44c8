//! The return path of a letter, `bounce+<token>@<domain>`: what comes back names its delivery, and only we can have made it.
//!
//! The token is `base32(id of the delivery, 10 bytes of HMAC-SHA256)`, lower case, because what stands before the `@` may be
//! folded on its way: 42 characters, so 49 of the 64 that are allowed.

use radslag_kernel::AggregateId;
use radslag_vault::cipher::hmac;

const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
const MAC: usize = 10;
/// What every return path begins with.
pub const PREFIX: &str = "bounce+";

/// The return path of a delivery.
#[must_use]
pub fn address(key: &[u8; 32], delivery: AggregateId, domain: &str) -> String {
    let mut bytes = delivery.as_bytes().to_vec();
    bytes.extend_from_slice(&mac(key, delivery));
    format!("{PREFIX}{}@{domain}", encode(&bytes))
}

/// The delivery of an address something came back to; `None` if we didn't make it.
#[must_use]
pub fn delivery(key: &[u8; 32], address: &str) -> Option<AggregateId> {
    let (local, _) = address.trim().trim_matches(['<', '>']).rsplit_once('@')?;
    let token = local.get(..PREFIX.len()).filter(|start| start.eq_ignore_ascii_case(PREFIX))?;
    let bytes = decode(&local[token.len()..].to_ascii_lowercase())?;
    let (id, given) = bytes.split_last_chunk::<MAC>()?;
    let id = AggregateId::from_slice(id)?;
    // Every byte is compared, whichever differs first.
    let differs = mac(key, id).iter().zip(given).fold(0, |sum, (a, b)| sum | (a ^ b));
    (differs == 0).then_some(id)
}

fn mac(key: &[u8; 32], delivery: AggregateId) -> [u8; MAC] {
    let mut mac = [0; MAC];
    mac.copy_from_slice(&hmac(key, &[b"radslag/1 bounce", delivery.as_bytes()])[..MAC]);
    mac
}

fn encode(bytes: &[u8]) -> String {
    let (mut text, mut bits, mut count) = (String::new(), 0_u32, 0_u32);
    for byte in bytes {
        (bits, count) = (bits << 8 | u32::from(*byte), count + 8);
        while count >= 5 {
            count -= 5;
            text.push(char::from(ALPHABET[(bits >> count & 31) as usize]));
        }
    }
    if count > 0 {
        text.push(char::from(ALPHABET[(bits << (5 - count) & 31) as usize]));
    }
    text
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let (mut bytes, mut bits, mut count) = (Vec::new(), 0_u32, 0_u32);
    for digit in text.bytes() {
        let value = ALPHABET.iter().position(|known| *known == digit)?;
        (bits, count) = (bits << 5 | u32::try_from(value).ok()?, count + 5);
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count & 255) as u8);
        }
    }
    // What is left over is less than a digit, and zeros.
    (count < 5 && bits & ((1 << count) - 1) == 0).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 32] = [7; 32];

    #[test]
    fn what_comes_back_names_its_delivery_however_it_is_folded() {
        let id = AggregateId::from_bytes([0xa5; 16]);
        let address = address(&KEY, id, "malmo.example");
        assert!(address.split('@').next().unwrap().len() <= 64, "{address}");
        for folded in [address.clone(), address.to_uppercase(), format!("<{address}>")] {
            assert_eq!(delivery(&KEY, &folded), Some(id), "{folded}");
        }
    }

    #[test]
    fn an_address_changed_anywhere_or_made_elsewhere_names_nothing() {
        let address = address(&KEY, AggregateId::from_bytes([0xa5; 16]), "m.example");
        let token = address.split('@').next().unwrap();
        for at in 0..token.len() {
            let mut changed = token.to_owned().into_bytes();
            changed[at] = if changed[at] == b'q' { b'z' } else { b'q' };
            let changed = format!("{}@m.example", String::from_utf8(changed).unwrap());
            assert_eq!(delivery(&KEY, &changed), None, "{at}");
        }
        assert_eq!(delivery(&[8; 32], &address), None);
        for nonsense in
            ["", "@", "bounce+@x", "bounce+å@x", "x@y", &format!("bounce+{}@x", "a".repeat(9_999))]
        {
            assert_eq!(delivery(&KEY, nonsense), None);
        }
    }
}
