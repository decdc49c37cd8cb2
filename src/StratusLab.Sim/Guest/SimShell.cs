using System.Globalization;
using System.Text;
using StratusLab.Core;

namespace StratusLab.Sim;

/// <summary>
/// The few programs a simulated guest has, and as much of a shell as runs them: quotes, <c>;</c>, <c>&amp;&amp;</c>, <c>||</c>,
/// <c>$HOSTNAME</c>, <c>$USER</c>, <c>$1</c>…, <c>$@</c>, <c>&gt; file</c>, <c>&gt;&gt; file</c>, <c>&gt;&amp;2</c>, <c>2&gt;&amp;1</c>.
/// </summary>
internal sealed class SimShell
{
    private readonly SimGuest _guest;
    private readonly TimeProvider _clock;
    private readonly IReadOnlyList<string> _arguments;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private readonly ReadOnlyMemory<byte> _input;

    private SimShell(SimGuest guest, TimeProvider clock, IReadOnlyList<string> arguments, ReadOnlyMemory<byte> input)
    {
        _guest = guest;
        _clock = clock;
        _arguments = arguments;
        _input = input;
    }

    /// <summary>Runs a program as the guest agent does, without a shell unless it is one.</summary>
    /// <returns>How it ended; null if there is no such program.</returns>
    public static async Task<GuestProcessResult?> RunAsync(SimGuest guest, GuestProcess process, TimeProvider clock, CancellationToken cancellationToken)
    {
        var shell = new SimShell(guest, clock, [], process.Input);
        var code = await shell.RunProgramAsync([process.Path, .. process.Arguments], shell._output, shell._error, cancellationToken).ConfigureAwait(false);
        return code is { } exit ? shell.Result(exit) : null;
    }

    /// <summary>Runs a script.</summary>
    public static async Task<GuestProcessResult> RunScriptAsync(SimGuest guest, string script, TimeProvider clock, CancellationToken cancellationToken)
    {
        var shell = new SimShell(guest, clock, [], default);
        return shell.Result(await shell.RunLinesAsync(script, cancellationToken).ConfigureAwait(false));
    }

    private GuestProcessResult Result(int exitCode) =>
        new(exitCode, Encoding.UTF8.GetBytes(_output.ToString()), Encoding.UTF8.GetBytes(_error.ToString()), IsTruncated: false);

    private async Task<int> RunLinesAsync(string script, CancellationToken cancellationToken)
    {
        var code = 0;
        foreach (var command in ShellText.Parse(script, Variable))
        {
            if (command.Runs is { } wanted && wanted != (code == 0)) continue;
            if (command.Words is ["exit", .. var status]) return status is [var text] && int.TryParse(text, CultureInfo.InvariantCulture, out var exit) ? exit & 255 : code;
            code = await RunCommandAsync(command, cancellationToken).ConfigureAwait(false);
        }

        return code;
    }

    private async Task<int> RunCommandAsync(ShellCommand command, CancellationToken cancellationToken)
    {
        var file = new StringBuilder();
        var output = command.OutputFile is not null ? file : command.OutputToError ? _error : _output;
        var error = command.ErrorToOutput ? output : _error;
        var code = command.Words.Count == 0 ? 0 : await RunProgramAsync(command.Words, output, error, cancellationToken).ConfigureAwait(false);
        if (code is null) error.Append(CultureInfo.InvariantCulture, $"sh: {command.Words[0]}: not found\n");
        if (command.OutputFile is { } path)
        {
            var before = command.Appends && _guest.Read(path) is { } present ? Encoding.UTF8.GetString(present) : string.Empty;
            _guest.Write(path, before + file);
        }

        return code ?? 127;
    }

    private async Task<int?> RunProgramAsync(IReadOnlyList<string> words, StringBuilder output, StringBuilder error, CancellationToken cancellationToken)
    {
        string[] arguments = [.. words.Skip(1)];
        switch (Path.GetFileName(words[0]), arguments)
        {
            case ("true" or ":" or "sync" or "set" or "mkdir" or "chmod", _): return 0;
            case ("false", _): return 1;
            case ("hostname", _): output.Append(_guest.HostName).Append('\n'); return 0;
            case ("whoami", _): output.Append("root\n"); return 0;
            case ("id", _): output.Append(arguments is ["-u"] ? "0\n" : "uid=0(root) gid=0(root)\n"); return 0;
            case ("uname", _): output.Append(arguments is ["-r"] ? "6.1.0-sim\n" : arguments is ["-m"] ? "x86_64\n" : "Linux\n"); return 0;
            case ("date", _): output.Append(_clock.GetUtcNow().ToString("u", CultureInfo.InvariantCulture)).Append('\n'); return 0;
            case ("cloud-init", ["status", ..]): output.Append("status: done\n"); return 0;
            case ("echo", ["-n", ..]): output.AppendJoin(' ', arguments.Skip(1)); return 0;
            case ("echo", _): output.AppendJoin(' ', arguments).Append('\n'); return 0;
            case ("cat", []): output.Append(Encoding.UTF8.GetString(_input.Span)); return 0;
            case ("cat", _): return Cat(arguments, output, error);
            case ("ls", [var folder]): output.AppendJoin("", _guest.Under(folder).Select(path => path[(folder.TrimEnd('/').Length + 1)..] + "\n")); return 0;
            case ("rm", _): return Remove(arguments, error);
            case ("test", ["-e" or "-f" or "-s", var path]): return _guest.Read(path) is null ? 1 : 0;
            case ("sleep", [var seconds]) when double.TryParse(seconds, CultureInfo.InvariantCulture, out var time):
                await Task.Delay(TimeSpan.FromSeconds(time), _clock, cancellationToken).ConfigureAwait(false);
                return 0;
            case ("sh" or "bash" or "dash", _): return await RunShellAsync(arguments, output, error, cancellationToken).ConfigureAwait(false);
            case ("env" or "sudo" or "exec", [var program, ..]) when program[0] != '-': return await RunProgramAsync(arguments, output, error, cancellationToken).ConfigureAwait(false);
            default:
                return _guest.Read(words[0]) is { } script ? await RunChildAsync(Encoding.UTF8.GetString(script), arguments, output, error, cancellationToken).ConfigureAwait(false) : null;
        }
    }

    private Task<int> RunShellAsync(string[] arguments, StringBuilder output, StringBuilder error, CancellationToken cancellationToken)
    {
        string[] rest = [.. arguments.SkipWhile(argument => argument is "-e" or "-u" or "-l" or "-eu")];
        switch (rest)
        {
            case ["-c" or "-lc" or "-ec", var script, .. var more]: return RunChildAsync(script, [.. more.Skip(1)], output, error, cancellationToken);
            case [] or ["-"]: return RunChildAsync(Encoding.UTF8.GetString(_input.Span), [], output, error, cancellationToken);
            case ["-s", .. var more]: return RunChildAsync(Encoding.UTF8.GetString(_input.Span), [.. more.SkipWhile(word => word is "-" or "--")], output, error, cancellationToken);
            case [var path, .. var more] when _guest.Read(path) is { } file: return RunChildAsync(Encoding.UTF8.GetString(file), more, output, error, cancellationToken);
            default:
                error.Append(CultureInfo.InvariantCulture, $"sh: cannot open {rest[0]}: No such file\n");
                return Task.FromResult(2);
        }
    }

    private async Task<int> RunChildAsync(string script, IReadOnlyList<string> arguments, StringBuilder output, StringBuilder error, CancellationToken cancellationToken)
    {
        var child = new SimShell(_guest, _clock, arguments, default);
        var code = await child.RunLinesAsync(script, cancellationToken).ConfigureAwait(false);
        output.Append(child._output);
        error.Append(child._error);
        return code;
    }

    private int Cat(string[] paths, StringBuilder output, StringBuilder error)
    {
        var code = 0;
        foreach (var path in paths)
        {
            if (_guest.Read(path) is { } content)
            {
                output.Append(Encoding.UTF8.GetString(content));
                continue;
            }

            error.Append(CultureInfo.InvariantCulture, $"cat: {path}: No such file or directory\n");
            code = 1;
        }

        return code;
    }

    private int Remove(string[] arguments, StringBuilder error)
    {
        var code = 0;
        var isForced = arguments is ["-f", ..] or ["-rf", ..];
        foreach (var path in arguments.Where(argument => !argument.StartsWith('-')))
        {
            if (_guest.Delete(path) || isForced) continue;
            error.Append(CultureInfo.InvariantCulture, $"rm: cannot remove '{path}': No such file or directory\n");
            code = 1;
        }

        return code;
    }

    private string Variable(string name) => name switch
    {
        "HOSTNAME" => _guest.HostName,
        "USER" => "root",
        "HOME" => "/root",
        "@" or "*" => string.Join(' ', _arguments),
        "#" => _arguments.Count.ToString(CultureInfo.InvariantCulture),
        [>= '1' and <= '9'] when name[0] - '1' < _arguments.Count => _arguments[name[0] - '1'],
        _ => string.Empty,
    };
}
