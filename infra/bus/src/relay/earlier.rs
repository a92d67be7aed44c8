//! Earlier lives of a log: what holds of them is put back into their streams where the server has lost it, so that whoever
//! reads from the beginning finds everything. What was lost with a life may stand in its stream too, and stays.

use async_nats::jetstream::stream::Config;

use super::{IN_FLIGHT, READ_AHEAD, Relay, refused};
use crate::{
    Alarm, Limits,
    error::Stop,
    stream::{ensure, stream_config},
};

/// The positions of a life that hold: `first` to `ends`, exclusive.
struct Life {
    first: u64,
    ends: u64,
    config: Config,
}

impl Relay {
    /// Fills the streams of the lives before the present one.
    pub(super) async fn fill_earlier(&self) -> Result<(), Stop> {
        let limits = Limits { replicas: self.config.num_replicas, max_bytes: self.config.max_bytes };
        for pair in self.log.origins().windows(2) {
            let &[(origin, first), (_, ends)] = pair else { continue };
            let config = stream_config(&self.address, self.log.id(), origin, first, limits);
            self.fill(&Life { first, ends, config }).await?;
        }
        Ok(())
    }

    async fn fill(&self, life: &Life) -> Result<(), Stop> {
        let (_, state, settings) = ensure(&self.jetstream, &life.config).await?;
        settings?;
        let mut next = state.last_sequence.max(life.first);
        if next < life.ends {
            tracing::warn!(
                stream = life.config.name,
                from = next,
                to = life.ends,
                "filling an earlier life again"
            );
        }
        while next < life.ends {
            let records = self.read(next, READ_AHEAD).await?;
            let mut acks = Vec::new();
            for record in
                records.into_iter().take(IN_FLIGHT).take_while(|record| record.position() < life.ends)
            {
                acks.push((next, self.send(next, record).await?));
                next += 1;
            }
            if acks.is_empty() {
                return Err(Alarm::Log { position: next }.into());
            }
            for (position, ack) in acks {
                let ack = ack.await.map_err(|failure| refused(position, failure))?;
                if ack.sequence != position + 1 || ack.stream != life.config.name {
                    let what = "it was acknowledged at another sequence";
                    return Err(Alarm::Foreign { stream: ack.stream, position, what }.into());
                }
            }
        }
        Ok(())
    }
}
