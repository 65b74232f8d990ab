using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Recurrent.Audio;
using Recurrent.Random;

namespace Recurrent.Examples.SpokenDigits;

/// <summary>One who says digits: what each recording of a digit sounds like.</summary>
/// <param name="Name">The name.</param>
/// <param name="Recordings">For each digit, one recording or more.</param>
internal sealed record Speaker(string Name, IReadOnlyList<float[]>[] Recordings);

/// <summary>Where speakers come from.</summary>
internal static class Speakers
{
    // Voices of espeak-ng, every fourth of which is left for the test.
    private static readonly string[] Espeak =
    [
        "en-us+m1", "en-gb+m3", "en-us+f1", "en-us+m2", "en-gb+f2", "en-us+m7", "en-gb-scotland+m4", "en-us+f3", "en-gb+m5",
        "en-us+klatt", "en-gb+f4", "en-us+m6", "en-gb-x-rp+m2", "en-us+klatt2", "en-us+f5", "en-gb+m8", "en-us+Andrea",
            "en-gb+max",
        "en-gb-x-rp+f2", "en-us+Annie", "en-us+adam", "en-gb+klatt3", "en-gb-scotland+f1", "en-us+belinda", "en-us+grandpa",
        "en-gb+steph", "en-us+david", "en-gb+Mike", "en-us+linda", "en-gb+robert", "en-us+anika", "en-gb+paul",
    ];

    /// <summary>Voices made here.</summary>
    internal static Speaker[] Made(int count, int takes, int seed) =>
    [
        .. Enumerable.Range(0, count).Select(i =>
        {
            var voice = new FormantVoice(SeededRandom.Key((ulong)seed, (ulong)(100 + i)));
            return new Speaker($"voice {i}", [.. Enumerable.Range(0, 10).Select(
                digit => (IReadOnlyList<float[]>)[.. Enumerable.Range(0, takes).Select(_ => voice.Say(digit))])]);
        }),
    ];

    /// <summary>Voices of a program, espeak-ng or one that takes the same arguments.</summary>
    internal static Speaker[] OfProgram(string program, int takes)
    {
        string folder = Directory.CreateTempSubdirectory("spoken-digits").FullName;
        try
        {
            return [.. Espeak.Select(voice => new Speaker(voice, [.. Enumerable.Range(0, 10).Select(
                digit => (IReadOnlyList<float[]>)[.. Enumerable.Range(0, takes).Select(
                    take => Say(program, voice, digit, take, Path.Combine(folder, "digit.wav")))])]))];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Speakers of a folder with WAV files called DIGIT_SPEAKER_ANYTHING.wav.</summary>
    internal static Speaker[] OfFolder(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new UsageException($"The folder '{folder}' does not exist.");
        }

        var found = new SortedDictionary<string, List<float[]>[]>(StringComparer.Ordinal);
        foreach (string file in Directory.EnumerateFiles(folder, "*.wav").Order(StringComparer.Ordinal))
        {
            string[] parts = Path.GetFileNameWithoutExtension(file).Split('_');
            if (parts.Length < 2 || parts[0] is not [>= '0' and <= '9'])
            {
                throw new UsageException(
                    $"'{Path.GetFileName(file)}' is not called DIGIT_SPEAKER_ANYTHING.wav, such as 7_jackson_3.wav.");
            }

            if (!found.TryGetValue(parts[1], out List<float[]>[]? recordings))
            {
                found[parts[1]] = recordings = [.. Enumerable.Range(0, 10).Select(_ => new List<float[]>())];
            }

            float[] samples = Trimmed(Sound.Read(file));
            recordings[parts[0][0] - '0'].Add(samples.Length > 0 ? samples
                : throw new UsageException($"'{Path.GetFileName(file)}' is silent: no sample of it differs from 0."));
        }

        return [.. found.Where(speaker => speaker.Value.All(digit => digit.Count > 0))
            .Select(speaker => new Speaker(speaker.Key, [.. speaker.Value]))];
    }

    private static float[] Say(string program, string voice, int digit, int take, string file)
    {
        string[] words = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
        var start = new ProcessStartInfo(program) { RedirectStandardError = true, RedirectStandardOutput = true };
        string[] arguments =
        [
            "-v", voice, "-s", (150 + (20 * take)).ToString(CultureInfo.InvariantCulture), "-p",
            (45 + (7 * (take % 3))).ToString(CultureInfo.InvariantCulture), "-w", file, words[digit],
        ];
        Array.ForEach(arguments, start.ArgumentList.Add);
        try
        {
            using Process process = Process.Start(start)!;
            process.WaitForExit();
            return process.ExitCode == 0 ? Trimmed(Sound.Read(file)) : throw new UsageException(
                $"{program} -v {voice} ended with {process.ExitCode}: {process.StandardError.ReadToEnd().Trim()}");
        }
        catch (Win32Exception)
        {
            throw new UsageException(File.Exists(program)
                ? $"'{program}' is neither a folder of recordings nor a program that speaks."
                : $"There is no program '{program}'. On Debian: apt install espeak-ng.");
        }
    }

    /// <summary>At the rate of this program, without silence at the ends.</summary>
    private static float[] Trimmed(Sound sound)
    {
        float[] samples = sound.Resample(FormantVoice.Rate).Mono().Values;
        float most = samples.Max(MathF.Abs);
        int first = Array.FindIndex(samples, sample => MathF.Abs(sample) > 0.02f * most);
        int last = Array.FindLastIndex(samples, sample => MathF.Abs(sample) > 0.02f * most);
        return [.. samples[Math.Max(0, first)..(last + 1)].Select(sample => most == 0 ? 0 : 0.7f * sample / most)];
    }
}
