namespace GuardedMaps.Shell.Rules;

/// <summary>A piece of a text that is replaced; an empty piece is a place where something is put in.</summary>
internal readonly record struct ScriptEdit(int Start, int End, string Text);
