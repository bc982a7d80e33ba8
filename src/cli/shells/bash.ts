import { type CompletedCommand, type CompletedOption, SETTINGS, type Values } from './completions';

/**
 * Returns the completion script for bash: the words that may come next, by the command and the option before the
 * cursor.
 */
export function bashCompletion(commands: readonly CompletedCommand[], options: readonly CompletedOption[]): string {
  const names = commands.map(({ name }) => name);
  return `# bash completion of dsptt: eval "$(dsptt completion bash)"
_dsptt() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command= word= head= values= words=
  # bash takes --option=value apart
  if [[ $current == = ]]; then current=
  elif [[ $previous == = ]]; then previous=\${COMP_WORDS[COMP_CWORD-2]}; fi
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in ${names.join('|')}) command=$word; break ;; esac
  done
  COMPREPLY=()
  case $command:$previous in
${valueCases(commands)}
  esac
  case $command in
    '') words='${names.join(' ')}' values='${longs(options)}' ;;
${commands.map(({ name, options: own, values }) => `    ${name}) values='${longs(own)}' words='${wordsOf(values)}' ;;`).join('\n')}
  esac
  if [[ $current == -* ]]; then words=$values; fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  if [[ -z $words ]]; then compopt -o default; fi
}
complete -F _dsptt dsptt
`;
}

/** Writes the `case` branches of options that take a value; options with the same values share a branch. */
function valueCases(commands: readonly CompletedCommand[]): string {
  const places = new Map<string, string[]>();
  for (const { name, options } of commands) {
    for (const { long, values } of options) {
      if (values === undefined) continue;
      places.set(reply(values), [...(places.get(reply(values)) ?? []), `${name}:${long}`]);
    }
  }
  return [...places].map(([text, options]) => `    ${options.join('|')}) ${text}; return ;;`).join('\n');
}

function reply(values: Values): string {
  if (values.kind === 'files') return 'compopt -o default';
  if (values.kind === 'anything') return ':';
  if (values.kind === 'words') return `COMPREPLY=($(compgen -W '${values.words.join(' ')}' -- "$current"))`;
  if (values.kind === 'settings') {
    return `compopt -o nospace; COMPREPLY=($(compgen -S = -W '${SETTINGS.join(' ')}' -- "$current"))`;
  }
  const list = `compgen -P "$head" -W '${values.words.join(' ')}' -- "\${current##*,}"`;
  return `compopt -o nospace; if [[ $current == *,* ]]; then head=\${current%,*},; fi; COMPREPLY=($(${list}))`;
}

function wordsOf(values: Values | undefined): string {
  return values?.kind === 'words' ? values.words.join(' ') : '';
}

function longs(options: readonly CompletedOption[]): string {
  return options.map(({ long }) => long).join(' ');
}
