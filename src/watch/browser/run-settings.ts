import type { SettingView } from '../live-view';
import { type Child, element } from './element.js';
import { whole } from './numbers.js';

/** Renders the settings of a run: those that differ from the defaults, and the rest folded. */
export function settingsOf(settings: readonly SettingView[]): readonly Child[] {
  if (settings.length === 0) return [];
  const rest = settings.filter(({ isDefault }) => isDefault);
  return [
    element('h2', {}, 'Settings'),
    factsOf(settings.filter(({ isDefault }) => !isDefault)),
    element('details', {}, element('summary', {}, `${whole(rest.length)} more, at their defaults`), factsOf(rest)),
  ];
}

function factsOf(settings: readonly SettingView[]): HTMLElement {
  const entries = settings.flatMap(({ name, value }) => [element('dt', {}, name), element('dd', {}, value)]);
  return element('dl', { class: 'facts' }, ...entries);
}
