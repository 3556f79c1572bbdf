//! One question to a seller, and how his answer is told from strangers'.

use std::collections::BTreeMap;
use std::fmt;

use oauth2::{CsrfToken, PkceCodeVerifier};
use secrecy::SecretString;

use crate::etsy::error::Said;
use crate::http::Url;

/// A login that waits for the seller: the page on which he agrees, and what his answer is known by. `Debug` shows
/// nothing.
pub struct Authorization {
    pub(super) page: Url,
    pub(super) state: CsrfToken,
    pub(super) verifier: PkceCodeVerifier,
}

impl fmt::Debug for Authorization {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Authorization").finish_non_exhaustive()
    }
}

/// What a browser that comes back brings.
#[derive(Debug, Clone)]
pub enum Redirected {
    /// The seller agreed: a code that is good once, for a few minutes.
    Agreed(SecretString),
    /// The seller, or Etsy, said no.
    Declined(Said),
    /// An answer to another login, or forged.
    Foreign,
    /// No answer at all: a browser that asks for an icon, or a person who pasted something else.
    Strange,
}

impl Authorization {
    /// The page to open as the seller. Without the verifier, which stays here, its address is worth nothing.
    pub fn page(&self) -> &Url {
        &self.page
    }

    /// Reads what Etsy appended to the redirect address
    /// (<https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2>).
    pub fn read(&self, query: &str) -> Redirected {
        let given: BTreeMap<String, String> = serde_urlencoded::from_str(query).unwrap_or_default();
        let (code, error) = (given.get("code"), given.get("error"));
        if code.is_none() && error.is_none() {
            return Redirected::Strange;
        }
        if given.get("state") != Some(self.state.secret()) {
            return Redirected::Foreign;
        }
        match (code, error) {
            (_, Some(error)) => {
                let description = given.get("error_description").map(String::as_str);
                Redirected::Declined(Said::in_words(error, description))
            }
            (Some(code), None) if !code.is_empty() => {
                Redirected::Agreed(SecretString::from(code.as_str()))
            }
            (Some(_) | None, None) => Redirected::Strange,
        }
    }

    /// Reads what a person pasted: the address that the browser was sent to, what follows its question mark, or the
    /// code alone.
    pub fn read_pasted(&self, text: &str) -> Redirected {
        let text = text.trim().trim_matches(['"', '\'', '<', '>']);
        let query = text.split_once('?').map_or(text, |(_, query)| query);
        let query = query.split_once('#').map_or(query, |(query, _)| query);
        if query.contains("code=") || query.contains("error=") {
            return self.read(query);
        }
        // the code is bound to this login by its verifier, so it needs no state
        let is_code = text.len() >= SHORTEST_CODE
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~%+".contains(&byte));
        if is_code { Redirected::Agreed(SecretString::from(text)) } else { Redirected::Strange }
    }
}

/// Shorter words are slips, which need not be taken to Etsy.
const SHORTEST_CODE: usize = 8;

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    fn waiting() -> Authorization {
        Authorization {
            page: "https://www.etsy.com/oauth/connect".parse().unwrap(),
            state: CsrfToken::new("a b&c".to_owned()),
            verifier: PkceCodeVerifier::new("hush".to_owned()),
        }
    }

    fn code(redirected: &Redirected) -> Option<&str> {
        match redirected {
            Redirected::Agreed(code) => Some(code.expose_secret()),
            Redirected::Declined(_) | Redirected::Foreign | Redirected::Strange => None,
        }
    }

    #[test]
    fn only_an_answer_with_our_state_counts() {
        let login = waiting();
        assert_eq!(code(&login.read("code=x%2By&state=a+b%26c")), Some("x+y"));
        for foreign in ["code=x", "code=x&state=a", "code=x&state=", "error=access_denied"] {
            assert!(matches!(login.read(foreign), Redirected::Foreign), "{foreign}");
        }
        for strange in ["", "state=a+b%26c", "code=&state=a+b%26c", "x"] {
            assert!(matches!(login.read(strange), Redirected::Strange), "{strange}");
        }
    }

    #[test]
    fn a_refusal_is_told_in_its_words() {
        let query = "error=access_denied&error_description=The+user+denied\n&state=a+b%26c";
        let Redirected::Declined(said) = waiting().read(query) else { panic!("{query}") };
        assert_eq!(said.to_string(), "access_denied: The user denied ");
    }

    #[test]
    fn an_address_or_a_code_can_be_pasted() {
        let login = waiting();
        for pasted in [
            "http://localhost:3003/oauth/redirect?code=abc-def-ghi&state=a+b%26c#x\n",
            "?code=abc-def-ghi&state=a+b%26c",
            " code=abc-def-ghi&state=a+b%26c ",
            "\"https://example.com/?state=a+b%26c&code=abc-def-ghi\"",
            "abc-def-ghi",
        ] {
            assert_eq!(code(&login.read_pasted(pasted)), Some("abc-def-ghi"), "{pasted}");
        }
        assert!(matches!(login.read_pasted("https://a.b/?code=x&state=y"), Redirected::Foreign));
        for strange in ["", "yes", "https://www.etsy.com/oauth/connect", "two words here"] {
            assert!(matches!(login.read_pasted(strange), Redirected::Strange), "{strange}");
        }
        assert!(!format!("{login:?}{:?}", login.read_pasted("hush-hush-hush")).contains("hush"));
    }
}
