/** Prompt files of Google AI Studio: chunks of user and model in order, thoughts among them. */
import type { Part } from '../../trajectory/event.ts';
import { isObject, type Json, type JsonObject } from '../../trajectory/json.ts';
import { type Adapter, type DraftStep, type DraftTrajectory, meanScore, type SourceRecord } from '../adapter.ts';
import { documents, mismatch } from '../shared/documents.ts';
import { allBut, asArray, asId, asObject, asText, dig, pointerTo } from '../shared/json-access.ts';
import { readBlock, readParts } from '../shared/read-block.ts';
import { readTime } from '../shared/read-time.ts';
import { Teller } from '../shared/teller.ts';
import { readFinish } from '../shared/usage.ts';

export const aistudio: Adapter = {
  name: 'aistudio',
  version: '1',
  specificity: 86,
  score: meanScore(({ value }) => (isPrompt(value) ? 1 : 0)),
  start: documents((value, record) =>
    isPrompt(value) ? [tellPrompt(value as JsonObject, record)] : mismatch('no chunks of a prompt'),
  ),
};

const isPrompt = (value: Json | undefined): boolean =>
  Array.isArray(dig(value, 'chunkedPrompt', 'chunks')) ||
  (isObject(value) && isObject(value.runSettings) && 'chunkedPrompt' in value);

function tellPrompt(value: JsonObject, record: SourceRecord): DraftTrajectory {
  const teller = new Teller(record);
  const system = asObject(value.systemInstruction);
  const told = system ? readParts(system.parts ?? system.text ?? null) : readParts(value.systemInstruction);
  if (told.length > 0) teller.say('system', told, '/systemInstruction');
  const model = asText(dig(value, 'runSettings', 'model'))?.replace(/^models\//, '');
  let step: DraftStep | undefined;
  for (const [index, item] of (asArray(dig(value, 'chunkedPrompt', 'chunks')) ?? []).entries()) {
    const chunk = asObject(item) ?? {};
    const pointer = pointerTo('/chunkedPrompt/chunks', index);
    const ts = readTime(chunk.createTime);
    const time = ts === undefined ? {} : { ts };
    const parts = partsOf(chunk);
    if (chunk.role === 'model') {
      step ??= { provider: 'google', ...(model !== undefined && { model }) };
      const finish = readFinish(chunk.finishReason);
      if (finish) step.finish = finish;
      teller.say('assistant', parts, pointer, { ...time, role: 'model', step });
    } else {
      step = undefined;
      teller.say('user', parts, pointer, time);
    }
    const failure = asText(chunk.errorMessage);
    if (failure)
      teller.error({ where: 'provider', message: failure }, pointerTo(pointer, 'errorMessage'), step ? { step } : {});
  }
  const meta = allBut(value, 'chunkedPrompt', 'systemInstruction');
  return { events: teller.events, ...(meta && { meta }) };
}

function partsOf(chunk: JsonObject): Part[] {
  const text = asText(chunk.text) ?? '';
  const said: Part[] =
    text === '' ? [] : [chunk.isThought === true ? { type: 'reasoning', text } : { type: 'text', text }];
  const linked = ['driveDocument', 'driveImage', 'driveVideo', 'driveAudio'].flatMap((key): Part[] => {
    const id = asId(dig(chunk[key], 'id'));
    const modality =
      key === 'driveImage' ? 'image' : key === 'driveVideo' ? 'video' : key === 'driveAudio' ? 'audio' : 'file';
    return id === undefined ? [] : [{ type: 'media', modality, uri: `drive:${id}` }];
  });
  const held = ['inlineFile', 'inlineImage', 'inlineData'].flatMap((key): Part[] => {
    const file = asObject(chunk[key]);
    if (!file) return [];
    return readBlock({ inlineData: file }, '').flatMap((piece) => (piece.type === 'part' ? [piece.part] : []));
  });
  return [...said, ...linked, ...held];
}
