//! What an error asks of the person who reads it.

/// Who can help, and so which exit code the program ends with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trouble {
    /// A person should look: exit code 1.
    Failed,
    /// The same command may work later: exit code 75.
    TryAgain,
    /// A setting or a credential needs a person: exit code 78.
    NeedsPerson,
}

/// The class of an error and, where there is one, the sentence that tells what to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    /// Decides the exit code.
    pub trouble: Trouble,
    /// What to do next, a full sentence without a final stop.
    pub hint: Option<String>,
}

impl Advice {
    /// A failure that a person should look at.
    pub fn failed() -> Self {
        Self { trouble: Trouble::Failed, hint: None }
    }

    /// A condition that may pass by itself.
    pub fn try_again(hint: impl Into<String>) -> Self {
        Self { trouble: Trouble::TryAgain, hint: Some(hint.into()) }
    }

    /// A setting or credential that a person has to mend, and how.
    pub fn needs_person(hint: impl Into<String>) -> Self {
        Self { trouble: Trouble::NeedsPerson, hint: Some(hint.into()) }
    }
}
