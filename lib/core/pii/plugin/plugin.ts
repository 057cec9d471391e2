/**
 * Detectors from outside (a model behind HTTP, an ONNX file): handed in as a function, read once a text before redaction.
 * What they say is only ever added. A text that they did not read is no text that may be stored.
 */
import type { PiiType } from '../taxonomy.ts';

/** Code points of the text, half open. */
export type PluginSpan = { start: number; end: number; type: PiiType; score: number };

export type Plugin = {
  /** 'presidio', 'onnx'. */
  id: string;
  version: string;
  /**
   * One list a text, in order.
   * @throws DetectorAwayError when it is down, slow or answers what can't be read: the job waits for it
   */
  detect(texts: readonly string[]): Promise<PluginSpan[][]>;
};

/** The job stops with this code and goes on by itself once the detector answers again. */
export class DetectorAwayError extends Error {
  override name = 'DetectorAwayError';
  readonly code = 'detector';
}

/** What a plug-in found, by text, as redaction asks for it. */
export type PluginFinds = {
  /** 'plugin:presidio@2.2'. */
  detector: string;
  /** Undefined when the text was not read. */
  of(text: string): readonly PluginSpan[] | undefined;
};

/** Texts without a letter or digit say nothing. */
export const isForPlugin = (text: string): boolean => /[\p{L}\p{N}]/u.test(text);

/** Reads each distinct text once. */
export async function readWithPlugin(plugin: Plugin, texts: Iterable<string>): Promise<PluginFinds> {
  const list = [...new Set(texts)].filter(isForPlugin);
  const found = list.length === 0 ? [] : await plugin.detect(list);
  if (found.length !== list.length) throw new DetectorAwayError('a detector answered for another number of texts');
  const finds = new Map(list.map((text, i) => [text, found[i]!]));
  const none: PluginSpan[] = [];
  return {
    detector: `plugin:${plugin.id}@${plugin.version}`,
    of: (text) => (isForPlugin(text) ? finds.get(text) : none),
  };
}
