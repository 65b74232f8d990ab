namespace Recurrent.Tests.Examples;

/// <summary>How an example program ended, run in this process.</summary>
internal sealed record ExampleRun(int Code, string Output, string Error)
{
    internal static ExampleRun Of(Func<IReadOnlyList<string>, TextWriter, TextWriter, int> program, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = program(args, output, error);
        return new(code, output.ToString(), error.ToString());
    }

    /// <summary>A folder for what a test writes.</summary>
    internal static string Folder(string name) => Path.Combine(TestContext.CurrentContext.WorkDirectory, "examples", name);

    /// <summary>The number after some words of the output.</summary>
    internal double Number(string words)
    {
        string rest = Output.Split(words, 2)[1].TrimStart();
        string number = string.Concat(rest.TakeWhile(c => char.IsAsciiDigit(c) || c is '.' or '-' or '+' or 'e'));
        return double.Parse(number.TrimEnd('.'), System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Holds that the program ran to its end.</summary>
    internal void RequireSuccess() => Assert.That((Code, Error), Is.EqualTo((0, string.Empty)));

    /// <summary>Holds that the program did nothing but say what is wrong.</summary>
    internal void RequireUsageError(string message) => Assert.Multiple(() =>
    {
        Assert.That(Code, Is.EqualTo(2));
        Assert.That(Output, Is.Empty);
        Assert.That(Error, Does.Contain(message).And.Contain("--help"));
    });
}
