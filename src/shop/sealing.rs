//! Sealing of tokens: XChaCha20-Poly1305, a fresh nonce in front, the shop's id as associated data, so that a row
//! copied to another shop does not open.

use chacha20poly1305::aead::{Aead as _, Generate as _, KeyInit as _, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use secrecy::{ExposeSecret as _, SecretSlice, SecretString};

use super::ShopError;
use crate::domain::ShopId;

/// Bytes of a nonce.
const NONCE: usize = 24;

/// The key that the tokens are sealed with. It comes from the environment or a file, never from the database.
///
/// While keys are changed it knows its successor too: what one of them has sealed is opened by it, and a renewal seals
/// with the key that opened, so that runs go on before, during and after the change.
#[derive(Clone)]
pub struct TokenKey {
    bytes: SecretSlice<u8>,
    successor: Option<SecretSlice<u8>>,
}

impl std::fmt::Debug for TokenKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("TokenKey(…)")
    }
}

impl TokenKey {
    /// Reads 64 hexadecimal digits.
    pub fn from_hex(text: &SecretString) -> Result<Self, ShopError> {
        let digits: Vec<u8> = text
            .expose_secret()
            .trim()
            .chars()
            .map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
            .collect::<Option<_>>()
            .ok_or(ShopError::BadKey)?;
        if digits.len() != 64 {
            return Err(ShopError::BadKey);
        }
        let bytes: Vec<u8> = digits
            .chunks_exact(2)
            .map(|pair| pair.iter().fold(0, |byte, digit| (byte << 4) | digit))
            .collect();
        Ok(Self { bytes: SecretSlice::from(bytes), successor: None })
    }

    /// The same key, which is about to be succeeded by another.
    #[must_use]
    pub fn succeeded_by(self, successor: Self) -> Self {
        Self { successor: Some(successor.bytes), ..self }
    }

    pub(super) fn is_same_as(&self, other: &Self) -> bool {
        self.bytes.expose_secret() == other.bytes.expose_secret()
    }

    /// A fresh key from the system's source of randomness, as the settings take it.
    pub fn generate_hex() -> SecretString {
        let digits = Key::generate()
            .iter()
            .fold(String::new(), |digits, byte| format!("{digits}{byte:02x}"));
        SecretString::from(digits)
    }

    fn cipher(&self) -> Result<XChaCha20Poly1305, ShopError> {
        XChaCha20Poly1305::new_from_slice(self.bytes.expose_secret())
            .map_err(|_wrong_length| ShopError::BadKey)
    }

    pub(super) fn seal(&self, shop: ShopId, plain: &[u8]) -> Result<Vec<u8>, ShopError> {
        let nonce = XNonce::generate();
        let aad = shop.0.to_be_bytes();
        let sealed = self
            .cipher()?
            .encrypt(&nonce, Payload { msg: plain, aad: &aad })
            .map_err(|_opaque| ShopError::BadKey)?;
        let mut stored = nonce.to_vec();
        stored.extend(sealed);
        Ok(stored)
    }

    /// Opens with this key or its successor, and says which of the two it was.
    pub(super) fn open_by_either(
        &self,
        shop: ShopId,
        name: &str,
        stored: &[u8],
    ) -> Result<(SecretSlice<u8>, Self), ShopError> {
        let alone = |bytes: &SecretSlice<u8>| Self { bytes: bytes.clone(), successor: None };
        let first = alone(&self.bytes);
        match (first.open(shop, name, stored), &self.successor) {
            (Ok(plain), _) => Ok((plain, first)),
            (Err(refused), None) => Err(refused),
            (Err(refused), Some(successor)) => {
                let second = alone(successor);
                let plain = second.open(shop, name, stored).ok().ok_or(refused)?;
                Ok((plain, second))
            }
        }
    }

    pub(super) fn open(
        &self,
        shop: ShopId,
        name: &str,
        stored: &[u8],
    ) -> Result<SecretSlice<u8>, ShopError> {
        let refuse = || ShopError::Sealed { name: name.to_owned() };
        let (nonce, sealed) = stored.split_at_checked(NONCE).ok_or_else(refuse)?;
        let nonce = XNonce::try_from(nonce).map_err(|_wrong_length| refuse())?;
        let aad = shop.0.to_be_bytes();
        self.cipher()?
            .decrypt(&nonce, Payload { msg: sealed, aad: &aad })
            .map(SecretSlice::from)
            .map_err(|_opaque| refuse())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn any_key() -> TokenKey {
        TokenKey::from_hex(&TokenKey::generate_hex()).unwrap()
    }

    #[test]
    fn only_the_same_key_and_shop_open() {
        let key = any_key();
        let sealed = key.seal(ShopId(7), b"refresh").unwrap();
        assert_eq!(key.open(ShopId(7), "a", &sealed).unwrap().expose_secret(), b"refresh");
        assert!(key.open(ShopId(8), "a", &sealed).is_err());
        assert!(any_key().open(ShopId(7), "a", &sealed).is_err());
        assert!(key.open(ShopId(7), "a", &sealed[..10]).is_err());
        assert!(!sealed.windows(7).any(|part| part == b"refresh"));
    }

    #[test]
    fn a_successor_opens_too() {
        let (old, new) = (any_key(), any_key());
        let both = old.clone().succeeded_by(new.clone());
        for key in [&old, &new] {
            let sealed = key.seal(ShopId(7), b"refresh").unwrap();
            let (plain, opener) = both.open_by_either(ShopId(7), "a", &sealed).unwrap();
            assert_eq!(plain.expose_secret(), b"refresh");
            assert!(opener.is_same_as(key));
        }
        let strange = any_key().seal(ShopId(7), b"refresh").unwrap();
        assert!(both.open_by_either(ShopId(7), "a", &strange).is_err());
        let sealed = new.seal(ShopId(7), b"refresh").unwrap();
        assert!(old.open_by_either(ShopId(7), "a", &sealed).is_err());
    }

    #[test]
    fn a_key_is_64_digits() {
        let digits = SecretString::from(format!("{}\n", "0a".repeat(32)));
        assert!(TokenKey::from_hex(&digits).is_ok());
        for bad in ["", "0a", &"zz".repeat(32), &"0a".repeat(33)] {
            assert!(TokenKey::from_hex(&SecretString::from(bad.to_owned())).is_err());
        }
        assert_eq!(format!("{:?}", any_key()), "TokenKey(…)");
    }
}
