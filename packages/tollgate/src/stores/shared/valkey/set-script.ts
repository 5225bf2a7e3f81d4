/**
 * What the server does for a gateway that has decided by itself: each unit is about some records, and is taken if all of them still have the names under which the gateway
 * knows them. It is apart from the script that decides, and as small as it can be: what it costs is most of what the server does.
 *
 *     KEYS  the records
 *     ARGV  1 the instant, or nothing: the server's own · 2 the instant at which was decided, or nothing · then for each unit how many records it is about, and of each: its place
 *           in KEYS, its name or ? where it is only to be read, its new text or nothing to leave it, for how many ms or 0 to delete it
 *
 * It answers { instant, for each unit: 1, its records as they stand if one has another name, or why it failed }, or { instant } where that is not the instant of the decision. An
 * instant lies between the question and the answer: what was long on its way is decided anew.
 */
export const setScript = `
local time = redis.call('TIME')
local now = tonumber(ARGV[1]) or time[1] * 1000 + math.floor(time[2] / 1000)
local decided = tonumber(ARGV[2])
local answer = { now }
if decided and (decided < now - 2000 or decided > now + 50) then return answer end
local at, last = 3, #ARGV
while at <= last do
  local to = at + 4 * ARGV[at]
  local texts, isKnown, failed = {}, true, nil
  for each = at + 1, to, 4 do
    local text = redis.pcall('GET', KEYS[tonumber(ARGV[each])])
    if type(text) == 'table' then
      failed = 'FAILED ' .. KEYS[tonumber(ARGV[each])] .. ' ' .. text.err
      break
    end
    local name = text and (string.match(text, '^%S+') or '?') or ''
    if name ~= ARGV[each + 1] or name == '?' then isKnown = false end
    texts[#texts + 1] = text or ''
  end
  if failed then
    answer[#answer + 1] = failed
  elseif not isKnown then
    answer[#answer + 1] = texts
  else
    local result = 1
    for each = at + 1, to, 4 do
      if ARGV[each + 2] ~= '' then
        local key, left = KEYS[tonumber(ARGV[each])], ARGV[each + 3]
        local done = left == '0' and redis.pcall('DEL', key) or redis.pcall('SET', key, ARGV[each + 2], 'PX', left)
        if type(done) == 'table' and done.err then result = 'FAILED ' .. key .. ' ' .. done.err end
      end
    end
    answer[#answer + 1] = result
  end
  at = to + 1
end
return answer
`
