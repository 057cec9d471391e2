'use server';
import { action } from '#lib/http/action.ts';
import { PreviewEntry, previewEntry } from '#lib/usecases/dictionary/preview-entry.ts';
import { UndoEntry, undoEntry } from '#lib/usecases/dictionary/undo-entry.ts';
import { decideEntry, EntryDecision, NewEntry, proposeEntry } from '#lib/usecases/settings/dictionary.ts';

export const propose = action('dictionary.propose', NewEntry, proposeEntry);
export const decide = action('dictionary.decide', EntryDecision, decideEntry);
export const preview = action('dictionary.preview', PreviewEntry, previewEntry);
export const undo = action('dictionary.undo', UndoEntry, undoEntry);
