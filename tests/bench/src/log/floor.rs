//! The floor: a file, written and synced by one thread for whoever waits. No versions, no hashes, no index, no recovery:
//! nothing durable on this disk, asked the same way, can be much faster.

use std::{fs, os::unix::fs::FileExt as _, path::Path, sync::Arc, thread};

use anyhow::{Context as _, Result};
use tokio::sync::{mpsc, oneshot};

use super::load::Target;

/// Allocated before anything is measured, and written round and round.
const FILE: u64 = 256 << 20;
/// What a frame of ours has around a public payload.
const AROUND: usize = 310;
const BATCH: usize = 1_024;

type Request = (Arc<[u8]>, oneshot::Sender<()>);

#[derive(Clone)]
pub(crate) struct Floor {
    queue: mpsc::Sender<Request>,
    frame: Arc<[u8]>,
}

impl Floor {
    pub(crate) fn open(folder: &Path, payload: usize) -> Result<Self> {
        let file = fs::File::create_new(folder.join("floor"))?;
        radslag_vault::disk::File::grow(&file, 0, FILE)?;
        file.sync_all()?;
        let (queue, requests) = mpsc::channel(4_096);
        thread::Builder::new().name("floor".into()).spawn(move || {
            // An error drops the replies, which ends the run with it.
            let _ = write(&file, requests);
        })?;
        Ok(Self { queue, frame: vec![0x5a; payload + AROUND].into() })
    }
}

fn write(file: &fs::File, mut queue: mpsc::Receiver<Request>) -> Result<()> {
    let (mut requests, mut bytes, mut at) = (Vec::with_capacity(BATCH), Vec::new(), 0);
    while queue.blocking_recv_many(&mut requests, BATCH) > 0 {
        bytes.clear();
        requests.iter().for_each(|(frame, _)| bytes.extend_from_slice(frame));
        if at + bytes.len() as u64 > FILE {
            at = 0;
        }
        file.write_all_at(&bytes, at)?;
        file.sync_data()?;
        at += bytes.len() as u64;
        for (_, reply) in requests.drain(..) {
            let _ = reply.send(());
        }
    }
    Ok(())
}

impl Target for Floor {
    async fn append(&self, _: u64) -> Result<()> {
        let (reply, answer) = oneshot::channel();
        self.queue.send((self.frame.clone(), reply)).await.context("the file's writer ended")?;
        answer.await.context("the file could not be written")
    }
}
