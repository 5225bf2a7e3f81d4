#!/bin/sh
# The same paid service as a CGI program (RFC 3875), with curl: it translates into German, word by word, at 0.05 a word.
#
# Before it is asked, the gateway holds 1.00 and occupies one of the translations that the account may have under way.
# The answer is out before the work begins; when it is done the service charges what it cost, or gives everything back.
# TRANSLATIONS_DIR: where the translations lie.
set -eu
path=/v1/translations
cents_per_word=5
words_max=20
# If the work dies, the account may have its next translation so much later.
under_way_seconds_max=600

# answer STATUS TYPE BODY [HEADER]
answer() { printf 'Status: %s\nContent-Type: %s\n%s\n%s' "$1" "$2" "${4:+$4
}" "$3"; }

# tell ACTION FACTS: succeeds when it is so now. Twice has the effect of once, so curl may ask again.
tell() {
  curl --silent --fail --output /dev/null --noproxy '*' --max-time 2 --retry 3 --retry-connrefused --retry-max-time 10 \
    --header 'Content-Type: application/json' --data "$2" "$HTTP_TOLLGATE_CALL/$1"
}

# keep ID STATE [TRANSLATION]
keep() {
  printf '{"id":"%s","state":"%s"%s}' "$1" "$2" "${3:+,\"translation\":\"$3\"}" >"$TRANSLATIONS_DIR/$1.new"
  mv "$TRANSLATIONS_DIR/$1.new" "$TRANSLATIONS_DIR/$1"
}

german() {
  case $1 in
    good) echo guten ;; morning) echo Morgen ;; hello) echo hallo ;; world) echo Welt ;; *) return 1 ;;
  esac
}

# work ID WORD...: nothing is given away that has not been paid.
work() {
  id=$1
  shift
  cents=$(($# * cents_per_word))
  translation=
  for word in "$@"; do
    if ! next=$(german "$word"); then
      tell release '{}' || true
      keep "$id" failed
      return
    fi
    translation="$translation${translation:+ }$next"
  done
  if tell charge "{\"amount\":\"$((cents / 100)).$(printf %02d $((cents % 100)))\"}"; then
    keep "$id" done "$translation"
  else
    keep "$id" failed
  fi
}

create() {
  set -f # Words are words: "*" is no list of files.
  # shellcheck disable=SC2046
  set -- $(head -c "${CONTENT_LENGTH:-0}")
  if [ $# -gt $words_max ]; then
    # By an entry of the API's contract: the gateway finds the words and the shape. It costs nothing.
    answer 422 application/problem+json "{\"status\":422,\"entry\":\"tooLong\",\"words\":$#,\"words_max\":$words_max}"
    return
  fi
  id=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  expires_at=$(date -u -d "@$(($(date +%s) + under_way_seconds_max))" +%Y-%m-%dT%H:%M:%SZ)
  if ! tell lease "{\"id\":\"$id\",\"expiresAt\":\"$expires_at\"}"; then
    answer 503 text/plain ''
    return
  fi
  keep "$id" working
  answer 202 application/json "$(cat "$TRANSLATIONS_DIR/$id")" 'Tollgate-Price: later'
  # On its own time, with nothing that the answer would wait for.
  (
    work "$id" "$@"
    tell release "{\"lease\":\"$id\"}"
  ) </dev/null >/dev/null 2>&1 &
}

# The gateway lets pass only who asks for a translation of their own; the name of the file is checked here all the same.
show() {
  case $1 in
    *[!0-9a-f]* | '') answer 404 application/problem+json '{"status":404,"entry":"notFound"}' ;;
    *) answer 200 application/json "$(cat "$TRANSLATIONS_DIR/$1")" ;;
  esac
}

case "$REQUEST_METHOD $PATH_INFO" in
  "POST $path") create ;;
  "GET $path/"*) show "${PATH_INFO#"$path"/}" ;;
  *) answer 404 text/plain '' ;;
esac
