using System.Text;
using Recurrent.Random;
using Recurrent.Serialization;

namespace Recurrent.Text.Tests;

/// <summary>Files of translators and language models that somebody has damaged: a model or a ModelFormatException.</summary>
[TestFixture]
public sealed class HostileTextFileTests
{
    private static readonly CharacterTokenizer Letters = new(["a", "b"]);

    private static readonly string[] Pieces =
    [
        "null", "-1", "0", "1e300", "\"\"", "[]", "{}", "true", "\"model\"", "2147483648", "[[]]", "\"Luong\"", "\"None\"",
        "\"recurrent\"", "\"transformer\"", "\"a\"", ",", "\\ud800",
    ];

    [Test]
    public void Any_damage_is_refused_as_such([Values("recurrent", "transformer", "language")] string kind)
    {
        using var file = new MemoryStream();
        switch (kind)
        {
            case "recurrent":
                Seq2Seq.Recurrent(Letters, Letters, 2, embeddingDim: 2).Save(file);
                break;
            case "transformer":
                Seq2Seq.Transformer(Letters, Letters, 2, 1, 2, 1).Save(file);
                break;
            default:
                LanguageModel.Recurrent(Letters, 2, embeddingDim: 2, tied: true).Save(file);
                break;
        }

        byte[] whole = file.ToArray();
        var random = new SeededRandom(8);
        for (int i = 0; i < 500; i++)
        {
            byte[] broken = Damage(whole, ref random);
            try
            {
                if (kind == "language")
                {
                    LanguageModel.Load(new MemoryStream(broken));
                }
                else
                {
                    Seq2Seq.Load(new MemoryStream(broken));
                }
            }
            catch (ModelFormatException)
            {
                // As it should be.
            }
            catch (Exception exception)
            {
                Assert.Fail($"{exception}\n{Encoding.UTF8.GetString(broken)}");
            }
        }
    }

    private static byte[] Damage(byte[] whole, ref SeededRandom random)
    {
        int place = random.NextInt(whole.Length);
        int length = random.NextInt(Math.Min(20, whole.Length - place)) + 1;
        byte[] piece = random.NextInt(3) switch
        {
            0 => [],
            1 => [(byte)random.NextInt(256)],
            _ => Encoding.UTF8.GetBytes(Pieces[random.NextInt(Pieces.Length)]),
        };

        // Often a value between two commas or colons is replaced as a whole, so that the file stays JSON.
        if (random.NextInt(2) == 0)
        {
            int start = Array.FindIndex(whole, place, value => value is (byte)':' or (byte)'[');
            int end = start < 0 ? -1 : Array.FindIndex(whole, start + 1, value => value is (byte)',' or (byte)'}' or (byte)']');
            if (end > 0)
            {
                (place, length) = (start + 1, end - start - 1);
            }
        }

        return [.. whole[..place], .. piece, .. whole[(place + length)..]];
    }
}
