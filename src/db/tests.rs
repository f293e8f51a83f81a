//! The one writer: batches, lanes, failures, and what a restart finds.

use super::{Conn, Db, Lane, WriteError};
use crate::base::Boxed;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

#[derive(Default)]
struct Hits {
    commits: Arc<AtomicUsize>,
    undone: Arc<AtomicUsize>,
}

impl Lane for Hits {
    type Item = i64;
    type Answer = i64;

    fn apply<'a>(&'a mut self, conn: &'a mut Conn, items: &'a [i64]) -> Boxed<'a, Result<Vec<i64>, sqlx::Error>> {
        Box::pin(async move {
            for day in items {
                insert(conn, *day).await?;
            }
            Ok(items.to_vec())
        })
    }

    fn committed(&mut self) {
        self.commits.fetch_add(1, Ordering::SeqCst);
    }

    fn undone(&mut self) {
        self.undone.fetch_add(1, Ordering::SeqCst);
    }
}

async fn insert(conn: &mut Conn, day: i64) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO wrong_address (day, hits, last_at) VALUES ($1, 1, 0)")
        .bind(day)
        .execute(conn)
        .await
        .map(drop)
}

async fn days(db: &Db) -> Vec<i64> {
    sqlx::query_scalar("SELECT day FROM wrong_address ORDER BY day").fetch_all(db.read()).await.unwrap()
}

async fn open(folder: &tempfile::TempDir) -> Db {
    Db::open(&folder.path().join("t.db")).await.unwrap()
}

#[tokio::test]
async fn one_bad_row_does_not_poison_its_batch() {
    let folder = tempfile::tempdir().unwrap();
    let mut opening = Db::opening(&folder.path().join("t.db")).await.unwrap();
    let commits = Arc::new(AtomicUsize::new(0));
    let lane = opening.lane(Hits { commits: Arc::clone(&commits), ..Hits::default() });
    let db = opening.start();

    let (a, b, c) = tokio::join!(lane.write(1), lane.write(1), lane.write(2));

    assert_eq!((a.unwrap(), c.unwrap()), (1, 2));
    assert!(b.unwrap_err().is_duplicate());
    assert_eq!(days(&db).await, [1, 2]);
    db.close().await;
    assert!(commits.load(Ordering::SeqCst) >= 1);
}

#[tokio::test]
async fn what_one_lane_is_refused_undoes_the_others_and_all_is_written_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut opening = Db::opening(&folder.path().join("t.db")).await.unwrap();
    let (commits, undone) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
    let first = opening.lane(Hits { commits: Arc::clone(&commits), undone: Arc::clone(&undone) });
    let second = opening.lane(Hits::default());
    let db = opening.start();

    // Handed over without ringing, so that both lanes share one transaction.
    let (one, two) = (first.put(vec![1, 2]).await, second.put(vec![2, 3]).await);
    first.ring();
    let (one, two) = (one.all().await, two.all().await);

    assert!(one.iter().all(Result::is_ok));
    assert!(two[0].as_ref().unwrap_err().is_duplicate());
    assert_eq!(two[1].as_ref().unwrap(), &3);
    assert_eq!(days(&db).await, [1, 2, 3]);
    db.close().await;
    assert_eq!((undone.load(Ordering::SeqCst), commits.load(Ordering::SeqCst)), (1, 1));
}

#[tokio::test]
async fn a_job_beside_a_lane_is_refused_alone() {
    let folder = tempfile::tempdir().unwrap();
    let mut opening = Db::opening(&folder.path().join("t.db")).await.unwrap();
    let lane = opening.lane(Hits::default());
    let db = opening.start();

    let waiting = lane.put(vec![1]).await;
    let refused = db
        .write(|c| {
            Box::pin(async move {
                insert(c, 2).await?;
                insert(c, 1).await
            })
        })
        .await;

    assert!(refused.unwrap_err().is_duplicate());
    assert!(waiting.all().await[0].is_ok());
    assert_eq!(days(&db).await, [1]);
}

#[tokio::test]
async fn work_of_a_caller_that_went_away_is_still_done() {
    let folder = tempfile::tempdir().unwrap();
    let db = open(&folder).await;

    for day in 0..20 {
        let db = db.clone();
        let asking = tokio::spawn(async move { db.write(move |c| Box::pin(insert(c, day))).await });
        tokio::task::yield_now().await;
        asking.abort();
    }
    db.write(|c| Box::pin(insert(c, 99))).await.unwrap();

    let stored = days(&db).await;
    assert_eq!(stored.last(), Some(&99));
    assert_eq!(stored.len(), 21, "each job was queued before its caller was cancelled");
}

#[tokio::test]
async fn a_job_that_panics_is_undone_and_the_writer_lives() {
    let folder = tempfile::tempdir().unwrap();
    let db = open(&folder).await;

    let panicked: Result<(), WriteError> = db
        .write(|c| {
            Box::pin(async move {
                insert(c, 1).await?;
                panic!("a bug")
            })
        })
        .await;
    db.write(|c| Box::pin(insert(c, 2))).await.unwrap();

    assert!(matches!(panicked, Err(WriteError::Refused(_))));
    assert_eq!(days(&db).await, [2]);
}

#[tokio::test]
async fn readers_cannot_write() {
    let folder = tempfile::tempdir().unwrap();
    let db = open(&folder).await;

    let tried = sqlx::query("DELETE FROM business").execute(db.read()).await;

    assert!(tried.is_err());
}

#[tokio::test]
async fn closing_writes_what_waits_and_folds_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let db = open(&folder).await;
    let other = db.clone();
    let waiting = tokio::spawn(async move { other.write(|c| Box::pin(insert(c, 7))).await });
    tokio::task::yield_now().await;

    db.clone().close().await;

    waiting.await.unwrap().unwrap();
    let again = open(&folder).await;
    assert_eq!(days(&again).await, [7]);
}
