using Recurrent.Random;

namespace Recurrent.Examples.SpokenDigits;

/// <summary>
/// A voice that says the ten digits in English: pulses of the glottis and noise through three resonances of the mouth, which
/// glide from sound to sound (Klatt, "Software for a cascade/parallel formant synthesizer", 1980, with little of it left).
/// </summary>
internal sealed class FormantVoice
{
    /// <summary>Samples a second.</summary>
    internal const int Rate = 8000;

    private static readonly string[][] Digits =
    [
        ["z", "iy", "r", "ow"], ["w", "ah", "n"], ["t", "uw"], ["th", "r", "iy"], ["f", "ao", "r"], ["f", "aa", "iy", "v"],
        ["s", "ih", "k", "s"], ["s", "eh", "v", "ah", "n"], ["eh", "iy", "t"], ["n", "aa", "iy", "n"],
    ];

    // Resonances in Hz, how long in ms, how much voice, how much noise, and where the noise is, in Hz.
    private static readonly Dictionary<string, Phone> Phones = new(StringComparer.Ordinal)
    {
        ["iy"] = new(300, 2250, 3000, 120, 1, 0, 0),
        ["ih"] = new(400, 1950, 2600, 90, 1, 0, 0),
        ["eh"] = new(560, 1800, 2500, 100, 1, 0, 0),
        ["ah"] = new(640, 1200, 2450, 90, 1, 0, 0),
        ["aa"] = new(730, 1150, 2450, 130, 1, 0, 0),
        ["ao"] = new(570, 850, 2400, 150, 1, 0, 0),
        ["ow"] = new(430, 900, 2350, 160, 1, 0, 0),
        ["uw"] = new(320, 950, 2250, 180, 1, 0, 0),
        ["r"] = new(380, 1200, 1600, 80, 0.8, 0, 0),
        ["w"] = new(300, 650, 2250, 80, 0.7, 0, 0),
        ["n"] = new(280, 1650, 2600, 110, 0.5, 0, 0),
        ["v"] = new(300, 1100, 2300, 70, 0.4, 0.08, 2800),
        ["z"] = new(300, 1600, 2500, 90, 0.3, 0.15, 3600),
        ["s"] = new(300, 1700, 2600, 130, 0, 0.35, 3700),
        ["f"] = new(300, 1100, 2300, 110, 0, 0.1, 2800),
        ["th"] = new(300, 1350, 2500, 100, 0, 0.08, 3200),
        ["t"] = new(350, 1800, 2600, 60, 0, 0.4, 3300, IsStop: true),
        ["k"] = new(350, 2000, 2500, 70, 0, 0.35, 1900, IsStop: true),
    };

    private readonly double pitch;
    private readonly double tract;
    private readonly double tempo;
    private readonly double breath;
    private readonly double tilt;
    private SeededRandom random;

    /// <summary>Draws a voice.</summary>
    /// <param name="key">What it follows from.</param>
    internal FormantVoice(ulong key)
    {
        random = new SeededRandom(key);
        pitch = 85 * Math.Pow(2, 1.5 * random.NextDouble());          // 85 to 240 Hz
        tract = 0.9 + (0.15 * (pitch - 85) / 155) + (0.12 * random.NextDouble());
        tempo = 0.75 + (0.6 * random.NextDouble());
        breath = 0.01 + (0.04 * random.NextDouble());
        tilt = 0.75 + (0.2 * random.NextDouble());
    }

    /// <summary>Says a digit, each time a little differently.</summary>
    /// <param name="digit">0 to 9.</param>
    /// <returns>Samples between −1 and 1.</returns>
    internal float[] Say(int digit)
    {
        Phone[] phones = [.. Digits[digit].Select(name => Phones[name])];
        double pace = tempo * (0.9 + (0.2 * random.NextDouble()));
        double own = pitch * (0.94 + (0.12 * random.NextDouble()));
        int[] lengths = [.. phones.Select(phone =>
            (int)(Rate * phone.Milliseconds * pace * (0.85 + (0.3 * random.NextDouble())) / 1000))];
        int length = lengths.Sum();
        float[] samples = new float[length];
        var mouth = new[] { new Resonance(), new Resonance(), new Resonance() };
        var noise = new Resonance();
        double phase = 0;
        double glottis = 0;
        int start = 0;
        int place = 0;
        for (int n = 0; n < length; n++)
        {
            while (n >= start + lengths[place])
            {
                start += lengths[place++];
            }

            Phone phone = Glide(phones, place, (double)(n - start) / lengths[place]);
            phase += own * (1.08 - (0.2 * n / length)) / Rate;
            double pulse = 0;
            if (phase >= 1)
            {
                phase -= 1;
                pulse = 1;
            }

            glottis = (tilt * glottis) + pulse;
            double hiss = random.NextNormal();
            double voiced = phone.Voice * (glottis - 0.15 + (breath * hiss));
            for (int k = 0; k < 3; k++)
            {
                voiced = mouth[k].Next(voiced, tract * phone.Formant(k), 60 + (40 * k));
            }

            // The silence before a stop opens.
            bool closed = phones[place].IsStop && n - start < 0.6 * lengths[place];
            samples[n] = closed ? 0 : (float)(voiced + (phone.Noise * noise.Next(hiss, Math.Min(3800, tract * phone.Hiss), 700)));
        }

        float most = samples.Max(MathF.Abs);
        return [.. samples.Select(sample => 0.7f * sample / most)];
    }

    /// <summary>A phone on its way from the one before and to the next.</summary>
    private static Phone Glide(Phone[] phones, int place, double share)
    {
        Phone own = phones[place];
        return share < 0.3 && place > 0 ? Phone.Between(phones[place - 1], own, 0.5 + (share / 0.6))
            : share > 0.7 && place < phones.Length - 1 ? Phone.Between(own, phones[place + 1], (share - 0.7) / 0.6)
            : own;
    }

    private sealed record Phone(
        double First, double Second, double Third, double Milliseconds, double Voice, double Noise, double Hiss,
            bool IsStop = false)
    {
        public double Formant(int k) => k == 0 ? First : k == 1 ? Second : Third;

        public static Phone Between(Phone a, Phone b, double share)
        {
            double Mix(double from, double to) => from + (share * (to - from));

            // Noise stays where it is: only how much of it there is glides.
            return new(
                Mix(a.First, b.First), Mix(a.Second, b.Second), Mix(a.Third, b.Third), 0, Mix(a.Voice, b.Voice),
                Mix(a.Noise, b.Noise), a.Hiss == 0 ? b.Hiss : b.Hiss == 0 ? a.Hiss : Mix(a.Hiss, b.Hiss));
        }
    }

    /// <summary>A resonance of second order, of gain 1 at its peak or so.</summary>
    private sealed class Resonance
    {
        private double before;
        private double beforeThat;

        public double Next(double x, double hertz, double width)
        {
            double r = Math.Exp(-Math.PI * width / Rate);
            double c = 2 * r * Math.Cos(2 * Math.PI * hertz / Rate);
            double y = ((1 - c + (r * r)) * x) + (c * before) - (r * r * beforeThat);
            (before, beforeThat) = (y, before);
            return y;
        }
    }
}
