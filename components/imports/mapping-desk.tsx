'use client';
import { useRouter } from 'next/navigation';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { Mapping, Meaning } from '#lib/core/ingest/mapping/mapping.ts';
import type { Preview } from '#lib/core/ingest/mapping/preview.ts';
import type { Field } from '#lib/core/ingest/mapping/survey.ts';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { SelectField, TextField } from '../ui/field.tsx';
import { Section } from '../ui/section.tsx';
import { type Answer, useAct } from '../ui/use-act.ts';
import { FieldBinder } from './field-binder.tsx';
import { FAULTS, type Label, LabelBinder, type Speaker, SpeakerBinder } from './mapping-parts.tsx';
import { MappingPreview } from './mapping-preview.tsx';

type Of = { reason?: string; sourceId?: string };
type Saved = { id: string; name: string; version: number };
type Props = {
  ground: { kind: 'json' | 'text'; records: number; fields: readonly Field[]; lines: readonly string[] };
  of: Of;
  saved: readonly (Saved & { body: Mapping })[];
  onPreview: (input: { mapping: Mapping; of: Of }) => Promise<Answer<Preview>>;
  onSave: (input: { name: string; mapping: Mapping }) => Promise<Answer<Saved>>;
  onRetry?: (input: {
    reason: string;
    sourceId?: string;
    mappingId: string;
  }) => Promise<Answer<{ records: number; imports: number; runIds: string[] }>>;
};

const PREVIEW_DELAY_MS = 300;

/** Bind fields or labels, see at once what that makes of the first hundred, save it under a name, read with it. */
export function MappingDesk({ ground, of, saved, onPreview, onSave, onRetry }: Props) {
  const router = useRouter();
  const { run, isPending, fault } = useAct();
  const [bound, setBound] = useState<ReadonlyMap<string, Meaning>>(
    () => new Map(ground.fields.flatMap(({ at, guess }) => (guess ? [[at, guess] as const] : []))),
  );
  const [speakers, setSpeakers] = useState<ReadonlyMap<string, Speaker>>(new Map());
  const [labels, setLabels] = useState<readonly Label[]>([
    { label: '', is: 'user' },
    { label: '', is: 'assistant' },
  ]);
  const [separator, setSeparator] = useState('');
  const [name, setName] = useState('');
  const mapping = useMemo(
    (): Mapping =>
      ground.kind === 'json'
        ? {
            kind: 'json',
            fields: [...bound].map(([at, is]) => ({ at, is })),
            speakers: [...speakers].map(([word, is]) => ({ word, is })),
          }
        : {
            kind: 'text',
            labels: labels.filter(({ label }) => label.trim() !== ''),
            ...(separator.trim() && { separator: separator.trim() }),
          },
    [ground.kind, bound, speakers, labels, separator],
  );
  const { preview, faults } = usePreview(mapping, of, onPreview);
  const known = saved.filter((one) => one.name === name.trim());

  function take(id: string) {
    const body = saved.find((one) => one.id === id)?.body;
    if (!body) return;
    setName(saved.find((one) => one.id === id)!.name);
    if (body.kind === 'json') {
      setBound(new Map(body.fields.map(({ at, is }) => [at, is])));
      setSpeakers(new Map(body.speakers.map(({ word, is }) => [word, is])));
    } else {
      setLabels(body.labels);
      setSeparator(body.separator ?? '');
    }
  }
  function keep(thenRetry: boolean) {
    run(
      async () => {
        const made = await onSave({ name: name.trim(), mapping });
        if (!made.ok || !thenRetry || !onRetry || !of.reason) return made;
        const started = await onRetry({ ...of, reason: of.reason, mappingId: made.value.id });
        return started.ok ? made : started;
      },
      () => {
        if (thenRetry) router.push(`/quarantine?reason=${of.reason ?? ''}&source=${of.sourceId ?? ''}`);
      },
      thenRetry ? 'Saved; the records are being read again' : 'Saved',
    );
  }
  const canSave = faults.length === 0 && preview !== null && name.trim() !== '' && !isPending;
  const ofKind = saved.filter(({ body }) => body.kind === ground.kind);
  return (
    <div className="grid gap-8 xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
      <div className="flex min-w-0 flex-col gap-6">
        {ofKind.length > 0 && (
          <div className="w-72">
            <SelectField label="Begin with" defaultValue="" onChange={(event) => take(event.target.value)}>
              <option value="">what the fields suggest</option>
              {ofKind.map(({ id, name: known, version }) => (
                <option key={id} value={id}>
                  {known} @{version}
                </option>
              ))}
            </SelectField>
          </div>
        )}
        {ground.kind === 'json' ? (
          <>
            <FieldBinder fields={ground.fields} records={ground.records} bound={bound} onBind={setBound} />
            <SpeakerBinder
              words={ground.fields.find(({ at }) => bound.get(at) === 'role')?.words ?? []}
              unknown={preview?.unknownRoles ?? []}
              speakers={speakers}
              onName={setSpeakers}
            />
          </>
        ) : (
          <LabelBinder
            lines={ground.lines}
            labels={labels}
            separator={separator}
            onLabels={setLabels}
            onSeparator={setSeparator}
          />
        )}
      </div>
      <div className="flex min-w-0 flex-col gap-6">
        <Section title="What it makes of them" hint="the first hundred, masked">
          {faults.length > 0 ? (
            <ul className="list-disc ps-5 text-ink-2">
              {faults.map((code) => (
                <li key={code}>{FAULTS[code] ?? code}</li>
              ))}
            </ul>
          ) : (
            preview && <MappingPreview preview={preview} isText={ground.kind === 'text'} />
          )}
        </Section>
        <Section title="Save">
          {fault && <Banner tone="fail" title={fault} live />}
          <div className="flex flex-wrap items-end gap-3">
            <div className="w-56">
              <TextField
                label="Name"
                value={name}
                maxLength={60}
                onChange={(event) => setName(event.target.value)}
                hint={
                  known.length > 0
                    ? `Becomes version ${Math.max(...known.map((one) => one.version)) + 1}`
                    : 'Becomes version 1'
                }
              />
            </div>
            <Button disabled={!canSave} onClick={() => keep(false)}>
              Save
            </Button>
            {onRetry && of.reason && (
              <Button tone="primary" disabled={!canSave} onClick={() => keep(true)}>
                Save and retry these
              </Button>
            )}
          </div>
        </Section>
      </div>
    </div>
  );
}

/** What the server makes of the mapping as it stands, a moment after the last change; the latest question wins. */
function usePreview(mapping: Mapping, of: Of, onPreview: Props['onPreview']) {
  const [preview, setPreview] = useState<Preview | null>(null);
  const [faults, setFaults] = useState<readonly string[]>([]);
  const asked = useRef(0);
  const { reason, sourceId } = of;
  useEffect(() => {
    const isEmpty = mapping.kind === 'json' ? mapping.fields.length === 0 : mapping.labels.length < 2;
    const number = ++asked.current;
    const timer = setTimeout(async () => {
      if (isEmpty) {
        setFaults([mapping.kind === 'json' ? 'needs_talk' : 'needs_two_speakers']);
        return;
      }
      const where = { ...(reason && { reason }), ...(sourceId && { sourceId }) };
      const answer = await onPreview({ mapping, of: where }).catch(() => null);
      if (number !== asked.current || !answer) return;
      if (answer.ok) {
        setPreview(answer.value);
        setFaults([]);
      } else setFaults((answer.details as { fields?: string[] } | undefined)?.fields ?? [answer.message]);
    }, PREVIEW_DELAY_MS);
    return () => clearTimeout(timer);
  }, [mapping, reason, sourceId, onPreview]);
  return { preview, faults };
}
