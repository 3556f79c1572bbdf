//! Gets a batch of records into Odoo: every row ends as done, refused or unknown.

use std::collections::BTreeSet;

use super::ApplyError;
use super::application::{Application, Entry, words};
use super::patience::Patience;
use super::records::Resolved;
use super::sift::{Fate, Sift};
use super::verdict::Judged;
use crate::domain::OutcomeKind;
use crate::odoo::{Fault, Load, LoadMessage, Nature, OdooError, Sheet};

/// What came of one call for a group of rows.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// Their ids.
    Ids(Vec<i32>),
    /// Nothing was written: the rows to blame, by their place in the group, and words for when none is named.
    Blamed(Vec<(usize, String)>, String),
    /// One fate for all.
    Alike(Fate),
}

/// What follows from what came back.
#[derive(Debug)]
pub(super) enum Step {
    /// It is an answer.
    Answered(Answer),
    /// Nothing was written, and the same call may pass now.
    Again,
    /// Nobody knows what was written.
    Silent(OdooError),
}

impl Application<'_> {
    /// Sends the rows of `sheet`, announced as `entries`, and finds their fates. An attempt that got no answer is
    /// closed and a new one announced, so the entries come back changed.
    pub(super) async fn load(
        &self,
        entries: &mut [Entry],
        sheet: &Sheet,
    ) -> Result<Vec<Fate>, ApplyError> {
        let mut sift = Sift::new(entries.len());
        while let Some(group) = sift.next() {
            match self.send(entries, sheet, &group).await? {
                Answer::Ids(ids) => sift.done(&group, &ids),
                Answer::Blamed(blame, otherwise) => sift.blamed(&group, &blame, &otherwise),
                Answer::Alike(fate) => sift.all(&group, &fate),
            }
        }
        Ok(sift.into_fates())
    }

    async fn send(
        &self,
        entries: &mut [Entry],
        sheet: &Sheet,
        group: &[usize],
    ) -> Result<Answer, ApplyError> {
        let mut patience = Patience::new(self.options());
        loop {
            let came = self.odoo().load(sheet, group).await;
            let error = match self.weigh(came, &mut patience).await? {
                Step::Answered(answer) => return Ok(answer),
                Step::Again => continue,
                Step::Silent(error) => error,
            };
            if let Some(ids) = self.all_there(entries, sheet.model(), group).await? {
                return Ok(Answer::Ids(ids));
            }
            if patience.with_silence().await {
                self.announce_again(entries, group, &words(&error)).await?;
                continue;
            }
            return Ok(Answer::Alike(Fate::Unknown(self.gave_up(error))));
        }
    }

    /// Says what follows from what came back from a `load`.
    pub(super) async fn weigh(
        &self,
        came: Result<Load, OdooError>,
        patience: &mut Patience,
    ) -> Result<Step, ApplyError> {
        let error = match came {
            Ok(Load::Loaded(ids)) => {
                self.heard();
                return Ok(Step::Answered(Answer::Ids(ids)));
            }
            Ok(Load::Rejected(messages)) => {
                self.heard();
                return Ok(Step::Answered(blame(&messages)));
            }
            Ok(Load::Conflict) => return Ok(self.after_conflict(patience).await),
            Err(error) => error,
        };
        match Self::nature(&error) {
            Nature::Everything => Err(self.stopped_by(error)),
            Nature::Silence => Ok(Step::Silent(error)),
            Nature::Conflict => Ok(self.after_conflict(patience).await),
            Nature::Data => {
                self.heard();
                Ok(Step::Answered(Answer::Blamed(Vec::new(), words(&error))))
            }
        }
    }

    async fn after_conflict(&self, patience: &mut Patience) -> Step {
        self.heard();
        if patience.with_conflict().await {
            return Step::Again;
        }
        Step::Answered(Answer::Alike(Fate::Refused(Fault::Conflict.to_string())))
    }

    /// The ids of a group whose call got no answer, if it had its effect. A call is one transaction: a part of it
    /// being there means that the part was there before.
    async fn all_there(
        &self,
        entries: &[Entry],
        model: &str,
        group: &[usize],
    ) -> Result<Option<Vec<i32>>, ApplyError> {
        let external_ids: Vec<&str> = group
            .iter()
            .filter_map(|row| entries.get(*row))
            .map(|entry| entry.external_id.as_str())
            .collect();
        let asked: BTreeSet<&str> = external_ids.iter().copied().collect();
        let there = self.look_up(model, &asked).await?;
        Ok(external_ids.iter().map(|external_id| there.get(*external_id).copied()).collect())
    }

    /// Loads a batch and journals its verdicts: a row is applied when Odoo's database shows its external id.
    pub(super) async fn load_and_settle(
        &self,
        mut entries: Vec<Entry>,
        sheet: &Sheet,
    ) -> Result<(), ApplyError> {
        let fates = self.load(&mut entries, sheet).await?;
        let done: BTreeSet<&str> = entries
            .iter()
            .zip(&fates)
            .filter(|(_, fate)| matches!(fate, Fate::Done(_)))
            .map(|(entry, _)| entry.external_id.as_str())
            .collect();
        let seen = self.look_up(sheet.model(), &done).await?;
        let verdicts = entries
            .iter()
            .zip(fates)
            .map(|(entry, fate)| (entry.attempt, judge(&entry.external_id, fate, &seen)));
        self.settle(verdicts).await
    }
}

/// The rows that Odoo names, with its words.
fn blame(messages: &[LoadMessage]) -> Answer {
    let said = |message: &LoadMessage| match &message.field {
        Some(field) => format!("{field}: {}", message.words),
        None => message.words.clone(),
    };
    let otherwise =
        messages.first().map_or_else(|| "Odoo wrote nothing, and did not say why".to_owned(), said);
    let named = messages
        .iter()
        .filter_map(|message| message.record.map(|record| (record, said(message))))
        .collect();
    Answer::Blamed(named, otherwise)
}

/// The verdict on a record that has nothing to be compared but its being there.
fn judge(external_id: &str, fate: Fate, seen: &Resolved) -> Judged {
    match fate {
        Fate::Done(id) if seen.get(external_id) == Some(&id) => Judged::applied(id, None),
        Fate::Done(_) => Judged::because(
            OutcomeKind::Unknown,
            "Odoo answered with an id, and its database does not show the record",
        ),
        Fate::Refused(words) => Judged::because(OutcomeKind::Refused, words),
        Fate::Unknown(words) => Judged::because(OutcomeKind::Unknown, words),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(record: Option<usize>, field: Option<&str>, words: &str) -> LoadMessage {
        LoadMessage { record, rows: None, field: field.map(str::to_owned), words: words.to_owned() }
    }

    #[test]
    fn blame_names_rows_and_fields() {
        let messages = [
            message(Some(3), Some("order_line"), "no such product"),
            message(None, None, "too many errors"),
        ];
        assert_eq!(
            blame(&messages),
            Answer::Blamed(
                vec![(3, "order_line: no such product".to_owned())],
                "order_line: no such product".to_owned()
            )
        );
        assert!(matches!(blame(&[]), Answer::Blamed(named, words)
            if named.is_empty() && words.contains("did not say why")));
    }

    #[test]
    fn an_id_is_no_verdict_until_it_is_seen() {
        let seen = Resolved::from([("etsy.buyer_1".to_owned(), 7)]);
        assert_eq!(judge("etsy.buyer_1", Fate::Done(7), &seen), Judged::applied(7, None));
        let other = judge("etsy.buyer_1", Fate::Done(8), &seen);
        assert_eq!(other.outcome, OutcomeKind::Unknown);
        let missing = judge("etsy.buyer_2", Fate::Done(8), &seen);
        assert_eq!(missing.outcome, OutcomeKind::Unknown);
    }
}
