/**
 * What the server decides by itself: as `engine/kinds` and `engine/meters` do, once more in Lua. It stands in one file since it is one program: it reads, decides all batches of a
 * call in their order, and writes at the end, so that whatever fails before has changed nothing.
 *
 * `npm run bench:valkey` holds it beside the other way (`set-script.ts`), in which a gateway decides with the engine itself over what it has seen, and the server takes it if
 * nobody was faster. To decide here costs the server several times as much, and the server is what all gateways share; so that is how what only counts is decided. Slots are
 * decided here, since hundreds of calls in flight need not go over the wire for one more, and so is what others have overtaken too often: here nobody's writes make
 * anybody decide anew, however far away it is. That both decide alike is held by the conformance suite, the model test and `test/valkey/same-decisions.test.ts`, over both.
 *
 *     KEYS  1 owners · 2 slots · 3 deadlines · 4 calls · then the records of subjects
 *     ARGV  1 the instant, or nothing: the server's own · 2 batches as JSON, by `script-operations.ts` · then a new name for each record
 *
 * owners: a hash, until when the last heartbeat of each lets it live. slots: a hash by meter and subject, how many each owner has. deadlines: a sorted set of call ids.
 * calls: a hash by id, { deadline, owner, taken, answers by the names of their admissions }. These are MessagePack, which keeps integers exact where Lua's own texts of
 * numbers do not. A record is a name, which changes with each write, a space, and `encodeRecord`'s JSON; in here { 'p', end, count } or { 's', window, instant, count, … } by the name of the meter.
 *
 * It answers { instant, for each batch: its results, or why it failed as a text }.
 */
export const counterScript = `
local NO_OWNER, MAX = '', 9007199254740991
local time = redis.call('TIME')
local now = tonumber(ARGV[1]) or time[1] * 1000 + math.floor(time[2] / 1000)

local records, sums, calls, owners = {}, {}, {}, nil
local dirty = { records = {}, sums = {}, calls = {}, owners = {} }
local ready = {}

-- All that changes before the end goes through here, and can be taken back.
local undo = {}
local function set(into, key, value)
  undo[#undo + 1] = { into, key, into[key] }
  into[key] = value
end
local function back(to)
  for at = #undo, to + 1, -1 do
    local change = undo[at]
    change[1][change[2]] = change[3]
    undo[at] = nil
  end
end

local function corrupt(key)
  error('CORRUPT ' .. key, 0)
end
-- What is read; where a key is of another type, that is said with its name.
local function ask(name, key, ...)
  local found = redis.pcall(name, key, ...)
  if type(found) == 'table' and found.err then error('FAILED ' .. key .. ' ' .. found.err, 0) end
  return found
end
local function unpacked(text, key)
  local ok, value = pcall(cmsgpack.unpack, text)
  if not ok or type(value) ~= 'table' then corrupt(key) end
  return value
end
local function numbers(list, from)
  for at = from, #list do
    if type(list[at]) ~= 'number' then return false end
  end
  return true
end

local function whole(number)
  return string.format('%.0f', number)
end

-- Who writes a record gives it a name that nobody gave before.
local function encoded(at, states)
  local parts = {}
  for name, state in pairs(states) do
    local fields = { cjson.encode(name), state[1] == 'p' and '"period"' or '"sliding"', whole(state[2]) }
    for place = 3, #state do
      local isLater = state[1] == 's' and place > 3 and place % 2 == 1
      fields[#fields + 1] = whole(isLater and state[place] - state[place - 2] or state[place])
    end
    parts[#parts + 1] = ',[' .. table.concat(fields, ',') .. ']'
  end
  return ARGV[at - 2] .. ' [1' .. table.concat(parts) .. ']'
end

local function record(at)
  if records[at] then return records[at] end
  local key, states = KEYS[at], {}
  local text = ask('GET', key)
  if text then
    local json = string.match(text, '^%S+ (.*)$')
    local ok, value = pcall(cjson.decode, json or '')
    if not ok or type(value) ~= 'table' or value[1] ~= 1 then corrupt(key) end
    for place = 2, #value do
      local state = value[place]
      if type(state) ~= 'table' or type(state[1]) ~= 'string' or not numbers(state, 3) then corrupt(key) end
      local name = state[1]
      if state[2] == 'period' and #state == 4 then
        states[name] = { 'p', state[3], state[4] }
      elseif state[2] == 'sliding' and #state >= 3 and #state % 2 == 1 then
        local runs = { 's' }
        for from = 3, #state do runs[from - 1] = from > 5 and from % 2 == 0 and state[from] + runs[from - 3] or state[from] end
        states[name] = runs
      else
        corrupt(key)
      end
    end
  end
  records[at] = states
  return states
end

local function ownersAlive()
  if owners == nil then
    local found = ask('HGETALL', KEYS[1])
    local read = {}
    for at = 1, #found, 2 do
      local untilMs = tonumber(found[at + 1])
      if untilMs == nil then corrupt(KEYS[1]) end
      read[found[at]] = untilMs
    end
    owners = read
  end
  return owners
end

local function sumsOf(field)
  if sums[field] then return sums[field] end
  local text = ask('HGET', KEYS[2], field)
  local value = {}
  if text then
    value = unpacked(text, KEYS[2])
    for owner, quantity in pairs(value) do
      if type(owner) ~= 'string' or type(quantity) ~= 'number' then corrupt(KEYS[2]) end
    end
  end
  sums[field] = value
  return value
end

local function addSlots(field, owner, quantity)
  local copy = {}
  for each, has in pairs(sumsOf(field)) do copy[each] = has end
  local left = (copy[owner] or 0) + quantity
  copy[owner] = left > 0 and left or nil
  set(sums, field, copy)
  set(dirty.sums, field, true)
end

local function putCall(id, call)
  set(calls, id, call)
  set(dirty.calls, id, true)
end

local function storedCall(id)
  if calls[id] ~= nil then return calls[id] or nil end
  local text = ask('HGET', KEYS[4], id)
  if not text then return nil end
  local call = unpacked(text, KEYS[4])
  if type(call[1]) ~= 'number' or type(call[2]) ~= 'string' or type(call[3]) ~= 'table' or type(call[4]) ~= 'table' then corrupt(KEYS[4]) end
  calls[id] = call
  return call
end

local function freeCall(id, call)
  for _, taken in ipairs(call[3]) do addSlots(taken[1], call[2], -taken[2]) end
  putCall(id, false)
end

-- What is past its deadline is free before anything else is asked.
local function slotsReady()
  if ready.slots then return end
  for _, id in ipairs(ask('ZRANGEBYSCORE', KEYS[3], '-inf', now)) do
    local call = storedCall(id)
    if call then freeCall(id, call) else putCall(id, false) end
  end
  set(ready, 'slots', true)
end

local function callOf(id)
  slotsReady()
  return storedCall(id)
end

local function plus(count, cost)
  return math.min(count + cost, MAX)
end

-- A take: { place of the record's key, name, kind, limit, cost, 1 where attempts count, then: window · or instants between which periods lie · or window, 1 for a log · or field }
local FIXED, CALENDAR, SLIDING, SLOT = 1, 2, 3, 4

local function periodEnd(take)
  if take[3] == FIXED then return (math.floor(now / take[7]) + 1) * take[7] end
  if now < take[7] then error('TIME', 0) end
  for at = 8, #take do
    if now < take[at] then return take[at] end
  end
  error('TIME', 0)
end

local function firstLive(state, left)
  local at = 3
  while at <= #state and state[at] <= left do at = at + 2 end
  return at
end

local asker, pending = NO_OWNER, {}

local function alive(take)
  slotsReady()
  local field, lives, total = take[7], ownersAlive(), pending[take[7]] or 0
  for owner, quantity in pairs(sumsOf(field)) do
    if owner == NO_OWNER or owner == asker or (lives[owner] or 0) > now then total = total + quantity end
  end
  return total
end

-- What another algorithm has counted under the name is a leftover.
local function stateOf(take, kind)
  local state = record(take[1])[take[2]]
  return state and state[1] == kind and state or nil
end

local function tally(take)
  if take[3] == SLOT then return alive(take), now end
  if take[3] == SLIDING then
    local state, window = stateOf(take, 's'), take[7]
    local used, reset = 0, now
    if state then
      for at = firstLive(state, now - window), #state, 2 do
        if used == 0 and state[at + 1] > 0 then reset = state[at] + window end
        used = plus(used, state[at + 1])
      end
    end
    return used, reset
  end
  local state = stateOf(take, 'p')
  if state and now < state[2] then return state[3], state[2] end
  return 0, periodEnd(take)
end

local function putState(take, state)
  set(record(take[1]), take[2], state)
  set(dirty.records, take[1], true)
end

local function count(take)
  local cost = take[5]
  if take[3] ~= SLIDING then
    local used, ends = tally(take)
    putState(take, { 'p', ends, plus(used, cost) })
    return ends
  end
  local state, window = stateOf(take, 's'), take[7]
  local grown = { 's', window }
  if state then
    for at = firstLive(state, now - window), #state do grown[#grown + 1] = state[at] end
  end
  local exact = take[8] == 1 and #grown - 2 < 2 * (take[4] + 128)
  local grid = exact and 1 or math.max(1, math.floor(window / 60))
  local last = #grown > 2 and grown[#grown - 1] or -math.huge
  local at = math.max(last, math.ceil(now / grid) * grid)
  if at > last then
    grown[#grown + 1] = at
    grown[#grown + 1] = cost
  else
    grown[#grown] = plus(grown[#grown], cost)
  end
  putState(take, grown)
  return at
end

local function giveBack(take, at)
  local cost = take[5]
  if take[3] ~= SLIDING then
    local state = stateOf(take, 'p')
    if state and state[2] == at then putState(take, { 'p', at, math.max(0, state[3] - cost) }) end
    return
  end
  local state = stateOf(take, 's')
  if not state then return end
  for place = 3, #state, 2 do
    if state[place] == at then
      local left = math.max(0, state[place + 1] - cost)
      local copy = {}
      for each = 1, #state do
        local isGone = (each == place or each == place + 1) and left == 0 and place ~= #state - 1
        if not isGone then copy[#copy + 1] = each == place + 1 and left or state[each] end
      end
      putState(take, copy)
      return
    end
  end
end

local function never(take)
  return take[4] == 0 or take[5] > take[4]
end
local function fits(take)
  if never(take) then return false end
  local used = tally(take)
  return used + take[5] <= take[4]
end

-- Nil: never, or nobody knows.
local function fitsAt(take)
  if never(take) then return nil end
  local used, reset = tally(take)
  local excess = used + take[5] - take[4]
  if excess <= 0 then return now end
  if take[3] == SLOT then return nil end
  if take[3] ~= SLIDING then return reset end
  local state, fitting = stateOf(take, 's'), now
  for at = firstLive(state, now - take[7]), #state, 2 do
    excess = excess - state[at + 1]
    fitting = state[at] + take[7]
    if excess <= 0 then break end
  end
  return fitting
end

-- Returns the instant under which it is counted; nothing for slots.
local function add(take)
  if take[3] ~= SLOT then return count(take) end
  if take[5] > 0 then pending[take[7]] = (pending[take[7]] or 0) + take[5] end
end

local function read(answer, take, admitted)
  local used, reset = tally(take)
  local retry = not admitted and fitsAt(take) or nil
  -- As a text: ioredis 6.0.0 reads the greatest integers as one less or more.
  if used > 4503599627370496 then used = whole(used) end
  for _, value in ipairs({ used, reset, admitted and 1 or 0, retry or -1 }) do answer[#answer + 1] = value end
end

-- { 1 · then four numbers for each take: used, reset, admitted, retry · then two for each receipt: which take, instant }
-- { 0, when all fit or -1, place of the first that refuses · then the four numbers }
local function decide(takes)
  local mark = #undo
  pending = {}
  local verdicts, receipts, refused = {}, {}, nil
  for at, take in ipairs(takes) do
    verdicts[at] = fits(take)
    if verdicts[at] then
      local counted = add(take)
      if counted then
        receipts[#receipts + 1] = at
        receipts[#receipts + 1] = counted
      end
    elseif not refused then
      refused = at
    end
  end
  if not refused then
    local answer = { 1 }
    for _, take in ipairs(takes) do read(answer, take, true) end
    for _, value in ipairs(receipts) do answer[#answer + 1] = value end
    return answer
  end
  back(mark)
  pending = {}
  for _, take in ipairs(takes) do
    if take[6] == 1 then add(take) end
  end
  local retry = 0
  for _, take in ipairs(takes) do
    local fitting = fitsAt(take)
    retry = retry and fitting and math.max(retry, fitting)
  end
  local answer = { 0, retry or -1, refused }
  for at, take in ipairs(takes) do read(answer, take, verdicts[at]) end
  return answer
end

local operations = {}

-- { 'admit', takes, owner, call id, holdMs, name, 1 where the call has begun }
function operations.admit(op)
  local takes, owner, id, name = op[2], op[3], op[4], op[6]
  asker = owner
  if id == '' then return decide(takes) end
  local call = callOf(id)
  if op[7] == 1 and not (call and #call[3] > 0) then error('OVERDUE', 0) end
  if call and call[4][name] then return call[4][name] end
  local answer = decide(takes)
  local taken, answers = {}, {}
  if call then
    for _, each in ipairs(call[3]) do taken[#taken + 1] = each end
    for each, said in pairs(call[4]) do answers[each] = said end
  end
  local had = #taken
  if answer[1] == 1 then
    local holder = call and call[2] or owner
    for _, take in ipairs(takes) do
      if take[3] == SLOT and take[5] > 0 then
        taken[#taken + 1] = { take[7], take[5] }
        addSlots(take[7], holder, take[5])
      end
    end
    if name ~= '' then answers[name] = answer end
    if #taken > had or name ~= '' then putCall(id, { now + op[5], holder, taken, answers }) end
  end
  return answer
end

-- { 'return', takes, call id, name }: what the admission of this name took, once. Attempts stay counted.
operations['return'] = function(op)
  local takes, id, name = op[2], op[3], op[4]
  local call = callOf(id)
  local answer = call and call[4][name]
  if not answer then return { 0 } end
  for at = 2 + 4 * #takes, #answer, 2 do
    local take = takes[answer[at]]
    if take[6] ~= 1 then giveBack(take, answer[at + 1]) end
  end
  local taken, answers = {}, {}
  for _, each in ipairs(call[3]) do taken[#taken + 1] = each end
  for _, take in ipairs(takes) do
    for at = #taken, 1, -1 do
      if take[3] == SLOT and taken[at][1] == take[7] and taken[at][2] == take[5] then
        table.remove(taken, at)
        addSlots(take[7], call[2], -take[5])
        break
      end
    end
  end
  for each, said in pairs(call[4]) do
    if each ~= name then answers[each] = said end
  end
  putCall(id, (#taken > 0 or next(answers)) and { call[1], call[2], taken, answers } or false)
  return { 1 }
end

-- { 'uncount', takes, instants }
function operations.uncount(op)
  asker, pending = NO_OWNER, {}
  for at, take in ipairs(op[2]) do giveBack(take, op[3][at]) end
  local answer = {}
  for _, take in ipairs(op[2]) do read(answer, take, true) end
  return answer
end

-- { 'peek', takes }
function operations.peek(op)
  asker, pending = NO_OWNER, {}
  local answer = {}
  for _, take in ipairs(op[2]) do read(answer, take, fits(take)) end
  return answer
end

-- { 'extend', call id, holdMs }
function operations.extend(op)
  local call = callOf(op[2])
  if not call or #call[3] == 0 then return { 0 } end
  if now + op[3] > call[1] then putCall(op[2], { now + op[3], call[2], call[3], call[4] }) end
  return { 1 }
end

-- { 'free', call id }
function operations.free(op)
  local call = callOf(op[2])
  if not call then return { 0 } end
  freeCall(op[2], call)
  return { #call[3] > 0 and 1 or 0 }
end

local function lives(owner, untilMs)
  local known = ownersAlive()
  if untilMs <= (known[owner] or 0) then return {} end
  set(known, owner, untilMs)
  set(dirty.owners, owner, true)
  return {}
end
-- { 'beat', owner, ttlMs }
function operations.beat(op)
  return lives(op[2], now + op[3])
end
-- { 'lives', owner, instant }
function operations.lives(op)
  return lives(op[2], op[3])
end

local function run(batch)
  local answers = {}
  for at, op in ipairs(batch) do answers[at] = operations[op[1]](op) end
  return answers
end

local results = { now }
for _, batch in ipairs(cjson.decode(ARGV[2])) do
  local mark = #undo
  local ok, answer = pcall(run, batch)
  if not ok then
    back(mark)
    answer = type(answer) == 'table' and (answer.err or 'ERROR') or tostring(answer)
  end
  results[#results + 1] = answer
end

-- From here on all is decided. A minute longer than it counts, for a clock that is set back.
local SLACK = 60000
for at in pairs(dirty.records) do
  local kept, expires = {}, 0
  for name, state in pairs(records[at]) do
    local over = state[1] == 'p' and state[2] or (state[#state - 1] or 0) + state[2]
    if state[1] == 's' and #state == 2 then over = 0 end
    if over > now then kept[name] = state end
    expires = math.max(expires, over)
  end
  if expires > now then redis.call('SET', KEYS[at], encoded(at, kept), 'PX', whole(expires - now + SLACK)) else redis.call('DEL', KEYS[at]) end
end
for field in pairs(dirty.sums) do
  local value = sums[field]
  if next(value) then redis.call('HSET', KEYS[2], field, cmsgpack.pack(value)) else redis.call('HDEL', KEYS[2], field) end
end
for id in pairs(dirty.calls) do
  local call = calls[id]
  if call then
    redis.call('HSET', KEYS[4], id, cmsgpack.pack(call))
    redis.call('ZADD', KEYS[3], whole(call[1]), id)
  else
    redis.call('HDEL', KEYS[4], id)
    redis.call('ZREM', KEYS[3], id)
  end
end
if next(dirty.sums) or next(dirty.calls) then
  local last = redis.call('ZREVRANGE', KEYS[3], 0, 0, 'WITHSCORES')[2]
  if last then
    local left = whole(math.max(0, tonumber(last) - now) + SLACK)
    for at = 2, 4 do redis.call('PEXPIRE', KEYS[at], left) end
  end
end
if next(dirty.owners) then
  local latest = now
  for owner, untilMs in pairs(owners) do
    if dirty.owners[owner] then redis.call('HSET', KEYS[1], owner, whole(untilMs)) end
    if untilMs < now - 86400000 then redis.call('HDEL', KEYS[1], owner) end
    latest = math.max(latest, untilMs)
  end
  redis.call('PEXPIRE', KEYS[1], whole(latest - now + 86400000))
end
return results
`
