/** The detectors from outside that this process was started with; none by default. */
import { type Plugin, type PluginFinds, readWithPlugin } from '#lib/core/pii/plugin/plugin.ts';
import { analyzerAt } from './analyzer.ts';

let known: Promise<Plugin[]> | undefined;

async function configured(): Promise<Plugin[]> {
  const url = process.env.ASSAY_ANALYZER_URL;
  const folder = process.env.ASSAY_ONNX_MODEL;
  const plugins: Plugin[] = [];
  if (url) plugins.push(analyzerAt(url, { language: process.env.ASSAY_ANALYZER_LANGUAGE || 'en' }));
  if (folder) plugins.push(await (await import('./onnx-tagger.ts')).onnxTaggerIn(folder));
  return plugins;
}

/**
 * What they find in some texts; `texts` is asked for only when there is one.
 * @throws DetectorAwayError when one of them does not answer
 */
export async function readWithPlugins(texts: () => readonly string[]): Promise<PluginFinds[]> {
  known ??= configured();
  const plugins = await known.catch((error: unknown) => {
    known = undefined;
    throw error;
  });
  if (plugins.length === 0) return [];
  const list = texts();
  return Promise.all(plugins.map((plugin) => readWithPlugin(plugin, list)));
}
