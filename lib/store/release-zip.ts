/** A release as one ZIP, made while it is sent: stored entries, one fixed time, so that the same release is the same file. */
import { Zip, ZipPassThrough } from 'fflate';
import { listSnapshot, readSnapshotFile } from './release-folder.ts';

const TIME = new Date(2026, 0, 1);

/** @param root folder inside the archive */
export async function* zipSnapshot(releaseId: string, snapshot: string, root: string): AsyncGenerator<Uint8Array> {
  let made: Uint8Array[] = [];
  let failed: Error | null = null;
  const zip = new Zip((error, chunk) => {
    if (error) failed = error;
    else made.push(chunk);
  });
  const drain = function* () {
    if (failed) throw failed;
    const ready = made;
    made = [];
    yield* ready;
  };
  for (const file of await listSnapshot(releaseId, snapshot)) {
    const entry = new ZipPassThrough(`${root}/${file}`);
    entry.mtime = TIME;
    zip.add(entry);
    for await (const chunk of readSnapshotFile(releaseId, snapshot, file)) {
      entry.push(chunk);
      yield* drain();
    }
    entry.push(new Uint8Array(0), true);
    yield* drain();
  }
  zip.end();
  yield* drain();
}
