'use server';
import { action } from '#lib/http/action.ts';
import { dropView, NewView, saveView, ViewId } from '#lib/usecases/settings/saved-views.ts';

export const save = action('views', NewView, saveView);
export const drop = action('views', ViewId, dropView);
