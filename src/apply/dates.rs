//! Puts the dates of orders back, which confirmation has overwritten with the present.

use chrono::{DateTime, Utc};

use super::ApplyError;
use super::application::Application;
use super::load::{Answer, Step};
use super::patience::Patience;
use super::sift::{Fate, Sift};

impl Application<'_> {
    /// Puts the dates of orders back, and finds their fates; whether it worked is read back later. It may be repeated:
    /// the second time changes nothing.
    pub(super) async fn put_dates(
        &self,
        company_id: Option<i32>,
        dates: &[(i32, DateTime<Utc>)],
    ) -> Result<Vec<Fate>, ApplyError> {
        let mut sift = Sift::new(dates.len());
        while let Some(group) = sift.next() {
            let part: Vec<(i32, DateTime<Utc>)> =
                group.iter().filter_map(|row| dates.get(*row)).copied().collect();
            match self.send_dates(company_id, &part).await? {
                Answer::Ids(ids) => sift.done(&group, &ids),
                Answer::Blamed(blame, otherwise) => sift.blamed(&group, &blame, &otherwise),
                Answer::Alike(fate) => sift.all(&group, &fate),
            }
        }
        Ok(sift.into_fates())
    }

    async fn send_dates(
        &self,
        company_id: Option<i32>,
        dates: &[(i32, DateTime<Utc>)],
    ) -> Result<Answer, ApplyError> {
        let mut patience = Patience::new(self.options());
        loop {
            let came = self.odoo().put_dates(company_id, dates).await;
            match self.weigh(came, &mut patience).await? {
                Step::Answered(answer) => return Ok(answer),
                Step::Again => {}
                Step::Silent(error) => {
                    if !patience.with_silence().await {
                        return Ok(Answer::Alike(Fate::Unknown(self.gave_up(error))));
                    }
                }
            }
        }
    }
}
