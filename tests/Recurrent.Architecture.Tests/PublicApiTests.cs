namespace Recurrent.Architecture.Tests;

/// <summary>
/// What users can call is written down, so that no change of it goes unseen: <c>eng/public-api.sh</c> writes it anew.
/// </summary>
[TestFixture]
[Category("Slow")]
public sealed class PublicApiTests
{
    private static readonly bool Writes = Environment.GetEnvironmentVariable("RECURRENT_WRITE_API") is "1";

    [TestCase("Recurrent.Core", 0)]
    [TestCase("Recurrent.Models", 1)]
    public void The_public_API_is_what_is_written_down(string project, int index)
    {
        string file = $"src/{project}/PublicApi.txt";
        string[] found = [.. PublicApi.Lines(SourceProject.Library.Value[index])];
        if (Writes)
        {
            File.WriteAllText(Path.Combine(Repository.Root, file), string.Join('\n', found) + "\n");
        }

        string[] written = Repository.Read(file).ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        string[] gone = [.. Under(written).Except(Under(found)).Select(line => $"- {line}")];
        string[] come = [.. Under(found).Except(Under(written)).Select(line => $"+ {line}")];
        Assert.That(
            written,
            Is.EqualTo(found),
            $"{file} says otherwise. Where the change is meant, eng/public-api.sh writes it down:\n"
            + string.Join('\n', [.. gone, .. come]));
    }

    // Every line under the name of its type, which tells two members of one signature apart.
    private static IEnumerable<string> Under(IEnumerable<string> lines)
    {
        string type = string.Empty;
        foreach (string line in lines)
        {
            type = line.StartsWith(' ') ? type : line;
            yield return line.StartsWith(' ') ? $"{type} {{ {line.Trim()} }}" : line;
        }
    }
}
