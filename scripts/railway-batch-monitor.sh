#!/usr/bin/env bash
# Starts a batch through the API and watches it to its end.
#
#   API_URL=https://... ADMIN_EMAIL=... scripts/railway-batch-monitor.sh --job all   (or: pnpm ops monitor --job all)
#
# Progress goes to stderr, the result as JSON to stdout.
# Exit codes: 0 the run completed, 1 log-in or start failed or the API was lost, 2 bad usage,
# 3 the run ended otherwise.
set -uo pipefail

readonly API_URL="${API_URL:-http://127.0.0.1:8080}"
readonly POLL_SECONDS="${POLL_SECONDS:-3}"
# As many polls in a row may fail: a redeploy takes some minutes.
readonly MOST_LOST_POLLS=100

usage() {
  cat >&2 <<'USAGE'
usage: railway-batch-monitor.sh [--job symbol_batch|portfolio_refresh|all] [--portfolio-id ID]
         [--force] [--reprocess missing|failed|all] [--start-date D --end-date D]
environment: API_URL, ADMIN_EMAIL, ADMIN_PASSWORD (asked for on a terminal), POLL_SECONDS
USAGE
}

fail() {
  local code="$1"
  shift
  printf 'railway-batch-monitor: %s\n' "$*" >&2
  exit "$code"
}

# call METHOD PATH [BODY]: sets STATUS and BODY. Secrets go through stdin, never through arguments,
# which every user of the machine can read.
call() {
  local method="$1" path="$2" body="${3:-}" answer
  answer="$(
    {
      printf 'header = "content-type: application/json"\n'
      if [ -n "${TOKEN:-}" ]; then printf 'header = "authorization: Bearer %s"\n' "$TOKEN"; fi
      if [ -n "$body" ]; then printf 'data-raw = "%s"\n' "$(escape "$body")"; fi
    } | curl --silent --show-error --max-time 60 --request "$method" --config - \
      --write-out '\n%{http_code}' "$API_URL/api/v1$path"
  )" || { STATUS=000 BODY='' && return; }
  STATUS="${answer##*$'\n'}"
  BODY="${answer%$'\n'*}"
}

# A text between the quotes of a curl configuration.
escape() {
  local text="${1//\\/\\\\}"
  printf '%s' "${text//\"/\\\"}"
}

# What an expression makes of the JSON in BODY, which it calls `it`.
read_json() {
  printf '%s' "$BODY" | node -e '
    let text = ""
    process.stdin.on("data", (part) => (text += part)).on("end", () => {
      try {
        const it = JSON.parse(text)
        const value = new Function("it", `return ${process.argv[1]}`)(it)
        process.stdout.write(value === undefined || value === null ? "" : String(value))
      } catch { process.exitCode = 1 }
    })' "$1"
}

log_in() {
  TOKEN=''
  local credentials
  credentials="$(EMAIL="$ADMIN_EMAIL" PASSWORD="$ADMIN_PASSWORD" node -e '
    const { EMAIL: email, PASSWORD: password } = process.env
    process.stdout.write(JSON.stringify({ email, password }))')"
  call POST /auth/login "$credentials"
  [ "$STATUS" = 200 ] || fail 1 "log-in failed: HTTP $STATUS $(read_json 'it.detail')"
  TOKEN="$(read_json 'it.access_token')"
}

# One line: bar, percent, job, portfolio, done/total, failed, elapsed.
readonly RENDER='(() => {
  const { jobs } = it
  const filled = Math.round(it.progress_percent / 5)
  const bar = "#".repeat(filled) + "-".repeat(20 - filled)
  const seconds = Math.round(it.elapsed_seconds)
  const elapsed = `${Math.floor(seconds / 60)}m ${String(seconds % 60).padStart(2, "0")}s`
  return [`[${bar}] ${it.progress_percent.toFixed(1).padStart(5)}%`, it.current_job ?? it.status,
    `portfolio ${it.current_portfolio ?? "-"}`, `${jobs.completed + jobs.failed}/${jobs.total} done`,
    `${jobs.failed} failed`, elapsed].join("  ")
})()'

show() {
  if [ -t 2 ]; then
    printf '\r\033[K%s' "$1" >&2
  elif [ "$1" != "${SHOWN:-}" ]; then
    printf '%s\n' "$1" >&2
  fi
  SHOWN="$1"
}

# Follows one run; sets RUN_STATUS.
watch() {
  local id="$1" lost=0
  RUN_STATUS=running
  while :; do
    call GET "/admin/batch/run/$id"
    case "$STATUS" in
    200)
      lost=0
      RUN_STATUS="$(read_json 'it.status')"
      show "$(read_json "$RENDER")"
      ;;
    401) log_in ;;
    404) fail 1 "the API does not know the run $id any more" ;;
    *)
      lost=$((lost + 1))
      [ "$lost" -lt "$MOST_LOST_POLLS" ] || fail 1 "the API does not answer: HTTP $STATUS"
      ;;
    esac
    [ "$RUN_STATUS" = running ] || break
    sleep "$POLL_SECONDS"
  done
  if [ -t 2 ]; then printf '\n' >&2; fi
}

# The result object of a run, or the run itself when it left none.
result() {
  local run="$BODY"
  call GET "/admin/batch/history/$1"
  if [ "$STATUS" = 200 ]; then
    read_json 'JSON.stringify(it.summary ?? it.run, null, 2)'
  else
    BODY="$run"
    read_json 'JSON.stringify(it, null, 2)'
  fi
  printf '\n'
}

REQUEST=''
add() { REQUEST="$REQUEST${REQUEST:+,}\"$1\":$2"; }
text() {
  case "$2" in
  '' | *[!A-Za-z0-9_-]*) usage && fail 2 "$1: \"$2\" is no value for it" ;;
  esac
  printf '"%s"' "$2"
}

while [ $# -gt 0 ]; do
  case "$1" in
  --job | --portfolio-id | --reprocess | --start-date | --end-date)
    value="$(text "$1" "${2:-}")" || exit 2
    name="${1#--}"
    add "${name//-/_}" "$value"
    shift 2
    ;;
  --force)
    add force true
    shift
    ;;
  --help | -h)
    usage
    exit 0
    ;;
  *)
    usage
    fail 2 "unknown option $1"
    ;;
  esac
done

[ -n "${ADMIN_EMAIL:-}" ] || fail 2 'ADMIN_EMAIL is not set'
if [ -z "${ADMIN_PASSWORD:-}" ]; then
  [ -t 0 ] || fail 2 'ADMIN_PASSWORD is not set, and there is no terminal to ask for it'
  IFS= read -r -s -p "Password of $ADMIN_EMAIL: " ADMIN_PASSWORD
  printf '\n' >&2
fi

log_in
call POST /admin/batch/run "{$REQUEST}"
[ "$STATUS" = 202 ] || fail 1 "start failed: HTTP $STATUS $(read_json 'it.detail') $(read_json 'it.batch_run_id')"
IDS="$(read_json '(it.batch_run_ids ?? [it.batch_run_id]).join(" ")')"
for id in $IDS; do
  printf 'run %s\n' "$id" >&2
  watch "$id"
  [ "$RUN_STATUS" = completed ] || [ "$RUN_STATUS" = completed_with_warnings ] || break
done
result "$id"
case "$RUN_STATUS" in
completed | completed_with_warnings) exit 0 ;;
*) exit 3 ;;
esac
