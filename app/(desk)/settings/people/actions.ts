'use server';
import { action } from '#lib/http/action.ts';
import { publicOrigin } from '#lib/http/identity.ts';
import { invite as makeInvite, NewInvite } from '#lib/usecases/people/invite.ts';
import { changePersonState, changeRole, PersonChange, RoleChange } from '#lib/usecases/people/manage-people.ts';

export const invite = action('person.invite', NewInvite, (actor, input) => makeInvite(actor, input, publicOrigin()));
export const setState = action('person.disable', PersonChange, changePersonState);
export const setRole = action('person.role', RoleChange, changeRole);
