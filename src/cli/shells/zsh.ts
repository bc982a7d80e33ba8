import { type CompletedCommand, type CompletedOption, SETTINGS, type Values } from './completions';

/** Returns the completion script for zsh, with the descriptions that `--help` shows. */
export function zshCompletion(commands: readonly CompletedCommand[], options: readonly CompletedOption[]): string {
  return `#compdef dsptt
# zsh completion of dsptt: source <(dsptt completion zsh), or as a file _dsptt in a directory of $fpath
_dsptt() {
  local -a commands=(
${commands.map(({ name, description }) => `    ${quoted(`${name}:${description}`)}`).join('\n')}
  )
  local -i at=\${words[(I)(${commands.map(({ name }) => name).join('|')})]}
  if (( at == 0 || at >= CURRENT )); then
    _arguments ${options.map(specOf).join(' ')} '*:command:(( ))'
    _describe command commands
    return
  fi
  local command=\${words[at]}
  shift $(( at - 1 )) words
  (( CURRENT -= at - 1 ))
  case $command in
${commands.map(caseOf).join('\n')}
  esac
}
if [[ \${funcstack[1]} == _dsptt ]]; then _dsptt "$@"; else compdef _dsptt dsptt; fi
`;
}

function caseOf({ name, options, values }: CompletedCommand): string {
  const specs = [...options.map(specOf), ...(values === undefined ? [] : [quoted(`*:argument:${actionOf(values)}`)])];
  return `    ${name})\n      _arguments ${specs.map((spec) => `\\\n        ${spec}`).join(' ')}\n      ;;`;
}

/** Formats an option as a spec of `_arguments`. */
function specOf({ long, description, values }: CompletedOption): string {
  const words = description.replace(/[[\]:\\]/g, '\\$&');
  return values === undefined ? quoted(`*${long}[${words}]`) : quoted(`*${long}=[${words}]:value:${actionOf(values)}`);
}

function actionOf(values: Values): string {
  if (values.kind === 'files') return '_files';
  if (values.kind === 'anything') return ' ';
  if (values.kind === 'settings') return `{compadd -S = -- ${SETTINGS.join(' ')}}`;
  return values.kind === 'list' ? `{_values -s , value ${values.words.join(' ')}}` : `(${values.words.join(' ')})`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
