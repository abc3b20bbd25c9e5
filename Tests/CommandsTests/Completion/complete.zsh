# Completes a line as an interactive zsh does when Tab is pressed, and prints what it would offer, one a line.
#
#   zsh -f complete.zsh SCRIPT LINE
zmodload zsh/zpty
zpty session zsh -f -i
ask() { zpty -w session "$1"; }
until_mark() {
    local line
    while zpty -r session line "*$1*"; do [[ $line == *$1* ]] && { print -r -- "$line"; return; }; done
    return 1
}
cat >${TMPPREFIX}salvor-$$ <<'SETUP'
PROMPT= RPROMPT=
autoload -Uz compinit && compinit -u -D
unsetopt list_beep auto_menu menu_complete
zstyle ':completion:*' list-grouped false
# What is added to the list is printed instead: `compadd` tells the matches, `-O` gives them as an array.
compadd() {
    if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then builtin compadd "$@"; return; fi
    local -a __hits
    builtin compadd -O __hits "$@"
    offered+=("${__hits[@]}")
    builtin compadd "$@"
}
before() { offered=() }
after() { print -r -- $'\n'"BEGIN${(pj:|:)offered}END"; exit }
compprefuncs=(before) comppostfuncs=(after)
bindkey '^I' complete-word
SETUP
ask "source ${TMPPREFIX}salvor-$$; source ${(q)1}; print rea''dy"
until_mark ready >/dev/null || exit 1
zpty -w -n session "$2"$'\t'
found=$(until_mark END)
rm -f ${TMPPREFIX}salvor-$$
found=${${found##*BEGIN}%%END*}
print -rl -- ${(s:|:)found}
