//! A peer that speaks clamd's INSTREAM as a small clamd would: it knows one virus, the EICAR test file's string, and takes a
//! megabyte. clamd itself and its signatures are too large to install for a test.

use std::{
    io,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// The string every scanner knows, in two halves: in one it would make this file itself a find.
pub const EICAR: [&str; 2] = [r"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD", "-ANTIVIRUS-TEST-FILE!$H+H*"];
/// `StreamMaxLength`.
const LARGEST: usize = 1 << 20;

/// It listens until it is dropped.
#[derive(Debug)]
pub struct Peer {
    address: SocketAddr,
    looked_at: Arc<AtomicUsize>,
    listening: JoinHandle<()>,
}

impl Peer {
    /// Listens on a free port of this machine.
    ///
    /// # Errors
    /// If none is free.
    pub async fn start() -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let (address, looked_at) = (listener.local_addr()?, Arc::<AtomicUsize>::default());
        let counter = looked_at.clone();
        let listening = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let counter = counter.clone();
                tokio::spawn(async move {
                    if answer(client).await.is_ok() {
                        counter.fetch_add(1, Ordering::SeqCst);
                    }
                });
            }
        });
        Ok(Self { address, looked_at, listening })
    }

    /// `host:port`.
    #[must_use]
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// Files that it looked at to the end.
    #[must_use]
    pub fn looked_at(&self) -> usize {
        self.looked_at.load(Ordering::SeqCst)
    }

    /// Nobody listens there any more.
    pub async fn stop(mut self) {
        self.listening.abort();
        let _ = (&mut self.listening).await;
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

async fn answer(mut client: TcpStream) -> io::Result<()> {
    let mut command = [0; 10];
    client.read_exact(&mut command).await?;
    if &command != b"zINSTREAM\0" {
        return client.write_all(b"UNKNOWN COMMAND\0").await;
    }
    let mut file = Vec::new();
    loop {
        let length = client.read_u32().await? as usize;
        if length == 0 {
            break;
        }
        if file.len() + length > LARGEST {
            client.write_all(b"INSTREAM size limit exceeded. ERROR\0").await?;
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let from = file.len();
        file.resize(from + length, 0);
        client.read_exact(&mut file[from..]).await?;
    }
    let eicar = EICAR.concat();
    let found = file.windows(eicar.len()).any(|window| window == eicar.as_bytes());
    let said: &[u8] = if found { b"stream: Eicar-Test-Signature FOUND\0" } else { b"stream: OK\0" };
    client.write_all(said).await?;
    client.shutdown().await
}
