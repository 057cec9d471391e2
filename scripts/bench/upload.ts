/** One upload of a gigabyte through the use cases that the HTTP door calls: received, proven, on disk. */
import { createHash } from 'node:crypto';
import { completeImport, receiveBytes, startImport } from '#lib/usecases/imports/receive-logs.ts';
import type { Figure } from './measure.ts';
import { openStore } from './store.ts';

const PIECE = Buffer.alloc(1 << 20, '{"messages":[{"role":"user","content":"How long is the rope?"}]}\n');
const PIECES = Number(process.env.ASSAY_BENCH_UPLOAD_MB ?? 1024);

async function* pieces(onPiece: () => void): AsyncGenerator<Uint8Array> {
  for (let n = 0; n < PIECES; n++) {
    onPiece();
    yield PIECE;
  }
}

export async function benchUpload(): Promise<Figure[]> {
  const store = await openStore();
  try {
    const operator = await store.newPerson('operator');
    const { rows } = await store.owner.query<{ id: string }>(
      `insert into source (project_id, name, controller, legal_basis, purposes, region, recipients_allowed, retention_raw_days,
         retention_redacted_days, categories, mask_paths, keep_paths, created_by)
       values ($1, 'upload', 'bench', 'contract', '{model-training}', 'EU', '{}', 30, 365, '{}', '{}', '{}', $2) returning id`,
      [store.projectId, operator.personId],
    );
    const hash = createHash('sha256');
    for (let n = 0; n < PIECES; n++) hash.update(PIECE);
    const size = PIECES * PIECE.length;
    const declared = { sourceId: rows[0]!.id, filename: 'large.jsonl', size, sha256: hash.digest('hex') };
    const { id } = await startImport(operator, declared);
    const before = process.memoryUsage().rss;
    let peak = before;
    const startedMs = performance.now();
    const onPiece = () => {
      peak = Math.max(peak, process.memoryUsage().rss);
    };
    await receiveBytes(operator, id, 0, pieces(onPiece));
    const receivedMs = performance.now();
    await completeImport(operator, id);
    const mb = size / 1e6;
    return [
      {
        name: 'upload received',
        value: mb / ((receivedMs - startedMs) / 1000),
        unit: 'MB/s',
        note: `${Math.round(mb)} MB`,
      },
      {
        name: 'upload proven',
        value: mb / ((performance.now() - receivedMs) / 1000),
        unit: 'MB/s',
        note: 'length and SHA-256',
      },
      { name: 'upload: memory over the start', value: (peak - before) / 1e6, unit: 'MB' },
    ];
  } finally {
    await store.close();
  }
}
