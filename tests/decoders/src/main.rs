//! Writes the seeds of the fuzz targets anew: `cargo run -p radslag-decoders`.

use std::{fs, io};

use radslag_decoders::seeds;

fn main() -> io::Result<()> {
    for (target, name, bytes) in seeds::made() {
        let folder = seeds::folder().join(target);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(name), bytes)?;
    }
    Ok(())
}
