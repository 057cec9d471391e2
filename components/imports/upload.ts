'use client';
/**
 * One upload through the HTTP API: hash, declare, send, complete. It goes on where an earlier try stopped, since the same
 * bytes for the same source are the same import.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

const HASH_BYTES = 4 * 1024 * 1024;
const SEND_BYTES = 8 * 1024 * 1024;

export type UploadStep = {
  step: 'hashing' | 'sending' | 'checking' | 'queued' | 'refused';
  doneBytes: number;
  message?: string;
  importId?: string;
};

async function hashOf(file: File, tell: (bytes: number) => void, signal: AbortSignal): Promise<string> {
  const hash = sha256.create();
  for (let at = 0; at < file.size; at += HASH_BYTES) {
    signal.throwIfAborted();
    hash.update(new Uint8Array(await file.slice(at, at + HASH_BYTES).arrayBuffer()));
    tell(Math.min(file.size, at + HASH_BYTES));
  }
  return bytesToHex(hash.digest());
}

class Refused extends Error {}

const RETRY_SECONDS = [1, 2, 4, 8, 16, 30, 30];
const pause = (seconds: number, signal: AbortSignal) =>
  new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, seconds * 1000);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });

/** Piece by piece, each from where the server stands. A lost connection is tried again for a minute and a half. */
async function sendFrom(
  offset: number,
  file: File,
  id: string,
  tell: (doneBytes: number) => void,
  signal: AbortSignal,
): Promise<void> {
  let failures = 0;
  for (let at = offset; at < file.size; ) {
    let sent: Response;
    try {
      sent = await fetch(`/api/v1/imports/${id}/content`, {
        method: 'PATCH',
        headers: { 'Upload-Offset': String(at) },
        body: file.slice(at, at + SEND_BYTES),
        signal,
      });
    } catch (error) {
      const seconds = RETRY_SECONDS[failures++];
      if (signal.aborted || seconds === undefined) throw error;
      await pause(seconds, signal);
      continue;
    }
    // 409 says where it stands, after a piece that was cut; 503 that the store is away for a moment.
    if (sent.status === 503 && failures < RETRY_SECONDS.length) {
      await pause(RETRY_SECONDS[failures++]!, signal);
      continue;
    }
    if (!sent.ok && sent.status !== 409) throw await refusalOf(sent);
    const next = Number(sent.headers.get('Upload-Offset'));
    if (next > at) failures = 0;
    else if (failures++ >= RETRY_SECONDS.length) throw await refusalOf(sent);
    at = next;
    tell(at);
  }
}

async function refusalOf(answer: Response): Promise<Refused> {
  const { error } = (await answer.json().catch(() => ({}))) as { error?: { message?: string } };
  return new Refused(error?.message ?? `The installation answered ${answer.status}.`);
}

export async function upload(
  file: File,
  sourceId: string,
  tell: (step: UploadStep) => void,
  signal: AbortSignal,
): Promise<void> {
  try {
    const sha = await hashOf(file, (doneBytes) => tell({ step: 'hashing', doneBytes }), signal);
    const declared = await fetch('/api/v1/imports', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ sourceId, filename: file.name.replace(/[/\\]/g, '_'), size: file.size, sha256: sha }),
      signal,
    });
    if (!declared.ok) throw await refusalOf(declared);
    const { id, state, offset } = (await declared.json()) as { id: string; state: string; offset: number };
    if (state !== 'uploading') {
      tell({
        step: 'queued',
        doneBytes: file.size,
        importId: id,
        message: 'These bytes were imported from this source before; nothing was added.',
      });
      return;
    }
    await sendFrom(offset, file, id, (doneBytes) => tell({ step: 'sending', doneBytes, importId: id }), signal);
    tell({ step: 'checking', doneBytes: file.size, importId: id });
    const completed = await fetch(`/api/v1/imports/${id}/complete`, { method: 'POST', signal });
    if (!completed.ok) throw await refusalOf(completed);
    tell({ step: 'queued', doneBytes: file.size, importId: id });
  } catch (error) {
    const message =
      error instanceof Refused
        ? error.message
        : signal.aborted
          ? 'Stopped. The same file goes on from here.'
          : 'The connection was lost. Choose the same file again to go on from here.';
    tell({ step: 'refused', doneBytes: 0, message });
  }
}
