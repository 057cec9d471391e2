'use client';
import { Upload as UploadIcon } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { type DragEvent, useId, useRef, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { SelectField } from '../ui/field.tsx';
import { bytes } from '../ui/figures.ts';
import { Progress } from '../ui/progress.tsx';
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
    add(event.dataTransfer.files);
  }
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
        <p className="pb-1.5 text-ink-2">or drop them here. The format is told by content; gzip and ZIP are opened.</p>
      </div>
      <ul aria-live="polite" className="flex flex-col gap-1">
        {rows.map((row) => (
          <UploadLine key={row.key} row={row} />
        ))}
      </ul>
    </div>
  );
}

function UploadLine({ row }: { row: Row }) {
  const { step } = row;
  const isOpen = step.step === 'hashing' || step.step === 'sending' || step.step === 'checking';
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
