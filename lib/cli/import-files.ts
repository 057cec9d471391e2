import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Actor } from '#lib/core/policy/actor.ts';
import { completeImport, receiveBytes, startImport } from '#lib/usecases/imports/receive-logs.ts';
import { type ImportView, showImport } from '#lib/usecases/imports/show-imports.ts';
import { Refusal } from './command.ts';

/** What is printed of one import; the counts add up: records = mapped + duplicates + quarantined. */
export interface ImportLine {
  path: string;
  id: string;
  state: string;
  reason: string | null;
  adapter: string | null;
  records: number;
  mapped: number;
  duplicates: number;
  quarantined: number;
  units: number;
}

/** @returns every file of these paths; folders are walked, in the order of names. @throws Refusal for a path that is not there */
export function listFiles(paths: readonly string[]): string[] {
  return paths.flatMap((given) => {
    const stats = fs.statSync(given, { throwIfNoEntry: false });
    if (!stats) throw new Refusal(`no such file: ${given}`);
    if (!stats.isDirectory()) return [given];
    const entries = fs
      .readdirSync(given, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() || entry.isFile());
    return listFiles(entries.map(({ name }) => path.join(given, name)).sort());
  });
}

/** Sends one file through the same door as the browser: declared, received, proven, queued. Goes on where an earlier try stopped. */
export async function sendFile(actor: Actor, sourceId: string, file: string, format?: string): Promise<string> {
  const { size } = fs.statSync(file);
  const sha256 = await fileSha256(file);
  const started = await startImport(actor, { sourceId, filename: path.basename(file), size, sha256, format });
  if (started.state !== 'uploading') return started.id;
  const bytes = fs.createReadStream(file, { start: started.offset });
  await receiveBytes(actor, started.id, started.offset, bytes as AsyncIterable<Buffer>);
  await completeImport(actor, started.id);
  return started.id;
}

/** Waits until the workers are done with it, or can't go on. */
export async function awaitImport(actor: Actor, id: string, onLook: (view: ImportView) => void): Promise<ImportView> {
  for (;;) {
    const view = await showImport(actor, id);
    onLook(view);
    if (!['queued', 'running', 'uploading'].includes(view.state)) return view;
    await wait(500);
  }
}

export function lineOf(file: string, view: ImportView): ImportLine {
  const { id, state, reason, adapter, counts, units } = view;
  return { path: file, id, state, reason, adapter, ...counts, units };
}

async function fileSha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of fs.createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
