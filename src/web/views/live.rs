//! What a page shows while somebody looks: the banner, the bell, toasts, lines of the health feed, the farewell.

mod announcements;
mod banner;
mod bell;
mod fact;
mod farewell;
mod notice;

pub use announcements::{AnnouncementView, AnnouncementsView};
pub use banner::{BannerView, Trouble};
pub use bell::BellView;
pub use fact::{FactView, FeedView};
pub use farewell::FarewellView;
pub use notice::{NoticeView, title_in};
