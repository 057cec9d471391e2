'use client';
import { FolderUp, Upload as UploadIcon } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { type DragEvent, useId, useRef, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { SelectField } from '../ui/field.tsx';
import { bytes, count, duration } from '../ui/figures.ts';
import { Progress } from '../ui/progress.tsx';
import { droppedFiles } from './dropped-files.ts';
import { type UploadStep, upload } from './upload.ts';

type Row = { key: string; name: string; size: number; step: UploadStep; startedMs: number; stop: AbortController };

const WORDS: Record<UploadStep['step'], string> = {
  hashing: 'fingerprint',
  sending: 'sending',
  checking: 'checking length and SHA-256',
  queued: 'received whole',
  refused: 'refused',
};

/** Files dropped or chosen go up one after another, with the share that the server has. */
export function UploadBox({ sources }: { sources: readonly { id: string; name: string }[] }) {
  const router = useRouter();
  const [sourceId, setSourceId] = useState(sources[0]?.id ?? '');
  const [rows, setRows] = useState<Row[]>([]);
  const [isOver, setIsOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const queue = useRef<Promise<void>>(Promise.resolve());
  const inputId = useId();

  function add(files: Iterable<File>) {
    for (const file of files) {
      const row: Row = {
        key: crypto.randomUUID(),
        name: file.name,
        size: file.size,
        step: { step: 'hashing', doneBytes: 0 },
        startedMs: Date.now(),
        stop: new AbortController(),
      };
      setRows((now) => [row, ...now]);
      const tell = (step: UploadStep) =>
        setRows((now) => now.map((one) => (one.key === row.key ? { ...one, step } : one)));
      queue.current = queue.current.then(async () => {
        await upload(file, sourceId, tell, row.stop.signal);
        router.refresh();
      });
    }
  }
  function drop(event: DragEvent) {
    event.preventDefault();
    setIsOver(false);
    void droppedFiles(event.dataTransfer).then(add);
  }
  const stopAll = () => {
    for (const row of rows) if (isOpenStep(row.step)) row.stop.abort();
  };
  return (
    <div className="flex flex-col gap-3">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the button inside is the first */}
      <div
        onDragOver={(event) => {
          event.preventDefault();
          setIsOver(true);
        }}
        onDragLeave={() => setIsOver(false)}
        onDrop={drop}
        className={`flex flex-wrap items-end gap-4 rounded-md border border-dashed px-5 py-5 ${isOver ? 'border-accent bg-selected' : 'border-line-strong'}`}
      >
        <div className="w-64">
          <SelectField label="Source" value={sourceId} onChange={(event) => setSourceId(event.target.value)}>
            {sources.map((source) => (
              <option key={source.id} value={source.id}>
                {source.name}
              </option>
            ))}
          </SelectField>
        </div>
        <input
          ref={input}
          id={inputId}
          type="file"
          multiple
          className="sr-only"
          tabIndex={-1}
          aria-label="Log files"
          onChange={(event) => event.target.files && add(event.target.files)}
        />
        <Button tone="primary" onClick={() => input.current?.click()}>
          <UploadIcon aria-hidden />
          Choose files
        </Button>
        <input
          ref={(element) => {
            // React has no attribute for it; every browser of today knows it.
            element?.setAttribute('webkitdirectory', '');
            folder.current = element;
          }}
          type="file"
          multiple
          className="sr-only"
          tabIndex={-1}
          aria-label="A whole folder"
          onChange={(event) => {
            const own = [...(event.target.files ?? [])];
            add(own.sort((a, b) => (a.webkitRelativePath < b.webkitRelativePath ? -1 : 1)));
          }}
        />
        <Button onClick={() => folder.current?.click()}>
          <FolderUp aria-hidden />
          Choose a folder
        </Button>
        <p className="pb-1.5 text-ink-2">
          or drop files and folders here. The format is told by content; gzip and ZIP are opened. A file that was cut
          goes on where it stopped when it is chosen again.
        </p>
      </div>
      {rows.length > 1 && <AllFiles rows={rows} onStop={stopAll} />}
      <ul aria-live="polite" className="flex flex-col gap-1">
        {rows.map((row) => (
          <UploadLine key={row.key} row={row} />
        ))}
      </ul>
    </div>
  );
}

const isOpenStep = ({ step }: UploadStep): boolean => step === 'hashing' || step === 'sending' || step === 'checking';

/** Hashing reads each byte once and sending once more: half a file each. */
const doneOf = ({ size, step }: Row): number =>
  step.step === 'hashing' ? step.doneBytes / 2 : isOpenStep(step) ? size / 2 + step.doneBytes / 2 : size;

/** All files as one: how far, how fast since the first, how long still. */
function AllFiles({ rows, onStop }: { rows: readonly Row[]; onStop: () => void }) {
  const open = rows.filter(({ step }) => isOpenStep(step)).length;
  const size = rows.reduce((sum, row) => sum + row.size, 0);
  const done = rows.reduce((sum, row) => sum + doneOf(row), 0);
  const seconds = Math.max(0.5, (Date.now() - Math.min(...rows.map(({ startedMs }) => startedMs))) / 1000);
  const perSecond = done / seconds;
  if (open === 0) return null;
  return (
    <div className="grid grid-cols-[minmax(8rem,16rem)_minmax(0,1fr)_auto] items-center gap-4 py-1.5">
      <span className="font-medium">
        {count(rows.length - open)} of {count(rows.length)} files
      </span>
      <Progress
        label="All files"
        share={size > 0 ? done / size : 0}
        text={`${bytes(done)} of ${bytes(size)} · ${bytes(perSecond)}/s · ${duration(Math.round((size - done) / Math.max(1, perSecond)))} left`}
      />
      <Button size="small" tone="quiet" onClick={onStop}>
        Stop all
      </Button>
    </div>
  );
}

function UploadLine({ row }: { row: Row }) {
  const { step } = row;
  const isOpen = isOpenStep(step);
  return (
    <li className="grid grid-cols-[minmax(8rem,16rem)_minmax(0,1fr)_auto] items-center gap-4 border-line border-b py-1.5">
      <span className="truncate font-medium">{row.name}</span>
      {isOpen ? (
        <Progress
          label={`${row.name}, ${WORDS[step.step]}`}
          share={row.size > 0 ? step.doneBytes / row.size : 1}
          text={`${WORDS[step.step]} · ${bytes(step.doneBytes)} of ${bytes(row.size)}`}
        />
      ) : (
        <span className={step.step === 'refused' ? 'text-fail' : 'text-ink-2'}>{step.message ?? WORDS[step.step]}</span>
      )}
      {isOpen ? (
        <Button size="small" tone="quiet" onClick={() => row.stop.abort()}>
          Stop
        </Button>
      ) : step.importId ? (
        <Link className="text-accent hover:underline" href={`/imports/${step.importId}`}>
          Watch
        </Link>
      ) : (
        <span />
      )}
    </li>
  );
}
