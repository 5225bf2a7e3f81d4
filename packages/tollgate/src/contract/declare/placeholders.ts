/** The placeholders of messages, as types: the same grammar as `parseMessage` in `message.ts`. */

/** The names in braces, of one message or of a list of them; none where the text is not known to the compiler. */
export type PlaceholderOf<Message> = Message extends readonly (infer Each)[] ? NamedIn<Each> : NamedIn<Message>

type NamedIn<Text> = Text extends string ? (string extends Text ? never : WithoutFormat<InBraces<Text>>) : never

/** A brace that is written twice is one of the text. */
type InBraces<Text extends string> = Text extends `${string}{${infer After}`
  ? After extends `{${infer Rest}`
    ? InBraces<Rest>
    : After extends `${infer Name}}${infer Rest}`
      ? Name | InBraces<Rest>
      : never
  : never

type WithoutFormat<Placeholder extends string> = Placeholder extends `${infer Name}:money` ? Name : Placeholder
