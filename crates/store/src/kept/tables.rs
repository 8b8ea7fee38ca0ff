//! Which records are kept whole, and by which columns lists ask for them.

use keqiao_domain::{
    Alliance, AllianceThing, AnnexLook, ContractPack, Duty, EngagementAnnex, FeedbackItem, RecordId, Visit, Volunteer,
    VolunteerRequest, VolunteerTeam, Workstation,
};

use super::{Column, Kept};

macro_rules! kept {
    ($($record:ident in $table:literal, id $id:expr, version $version:expr, [$($column:literal: $value:expr),*];)*) => {$(
        impl Kept for $record {
            const TABLE: &'static str = $table;
            const COLUMNS: &'static [&'static str] = &[$($column),*];
            fn id(&self) -> RecordId {
                let id: fn(&Self) -> RecordId = $id;
                id(self)
            }
            fn version(&self) -> i64 {
                let version: fn(&Self) -> i64 = $version;
                version(self)
            }
            fn columns(&self) -> Vec<Column> {
                let values: &[fn(&Self) -> Column] = &[$($value),*];
                values.iter().map(|value| value(self)).collect()
            }
        }
    )*};
}

/// An id that may be absent: nothing stands as the empty text.
fn text(id: Option<impl ToString>) -> Column {
    Column::Text(id.map_or_else(String::new, |id| id.to_string()))
}

kept! {
    ContractPack in "contract_packs", id |p| p.engagement.0, version |p| p.version, [];
    EngagementAnnex in "engagement_annexes", id |a| a.id.0, version |a| a.version,
        ["engagement_id": |a| a.engagement.0.into()];
    AnnexLook in "engagement_annex_looks", id |l| l.id.0, version |_| 1, ["annex_id": |l| l.annex.0.into()];
    Visit in "visits", id |v| v.id.0, version |v| v.version,
        ["broker_id": |v| v.broker.0.into(), "follow_up": |v| text(v.follow_up.as_ref())];
    FeedbackItem in "feedback_items", id |i| i.id.0, version |i| i.version,
        ["author_id": |i| i.author.0.into(), "owner_id": |i| text(i.owner), "state": |i| i.state.as_str().into(),
         "due": |i| text(i.due.as_ref())];
    VolunteerTeam in "volunteer_teams", id |t| t.id.0, version |t| t.version,
        ["parent_id": |t| text(t.parent), "party_id": |t| t.party.0.into()];
    Volunteer in "volunteers", id |v| v.id.0, version |v| v.version,
        ["team_id": |v| v.team.0.into(), "account_id": |v| v.account.0.into(), "state": |v| v.state.as_str().into()];
    VolunteerRequest in "volunteer_requests", id |r| r.id.0, version |r| r.version,
        ["party_id": |r| r.party.0.into(), "state": |r| r.state.as_str().into(),
         "starts_at": |r| r.starts_at.micros().into()];
    Duty in "volunteer_duties", id |d| d.id.0, version |d| d.version,
        ["request_id": |d| d.request.0.into(), "account_id": |d| d.volunteer.0.into(),
         "state": |d| d.state.as_str().into(), "starts_at": |d| d.from.micros().into()];
    Workstation in "workstations", id |w| w.id.0, version |w| w.version,
        ["party_id": |w| w.party.0.into(), "state": |w| w.state.as_str().into(), "ends_on": |w| w.to.as_str().into()];
    Alliance in "alliances", id |a| a.party.0, version |a| a.version, [];
    AllianceThing in "alliance_things", id |t| t.id.0, version |t| t.version,
        ["alliance_id": |t| t.alliance.0.into()];
}
