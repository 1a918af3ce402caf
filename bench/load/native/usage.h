// What processes and the machine have used so far, in seconds of CPU time.
#ifndef USAGE_H
#define USAGE_H
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

static double seconds_in(const char *path) {
  unsigned long long ns = 0;
  FILE *file = fopen(path, "r");
  if (!file) return 0;
  if (fscanf(file, "%llu", &ns) != 1) ns = 0;
  fclose(file);
  return ns / 1e9;
}

// schedstat counts nanoseconds per thread; the ticks of /proc/<pid>/stat are ten milliseconds long.
static double cpu_of(int pid) {
  char path[128];
  double sum = 0;
  struct dirent *entry;
  snprintf(path, sizeof path, "/proc/%d/task", pid);
  DIR *folder = opendir(path);
  if (!folder) return 0;
  while ((entry = readdir(folder))) {
    if (entry->d_name[0] == '.') continue;
    snprintf(path, sizeof path, "/proc/%d/task/%.16s/schedstat", pid, entry->d_name);
    sum += seconds_in(path);
  }
  closedir(folder);
  return sum;
}

static double own_cpu(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static double machine_cpu(void) {
  unsigned long user, nice, system, idle, wait, interrupt, soft;
  double busy = 0;
  FILE *file = fopen("/proc/stat", "r");
  if (!file) return 0;
  if (fscanf(file, "cpu %lu %lu %lu %lu %lu %lu %lu", &user, &nice, &system, &idle, &wait, &interrupt, &soft) == 7)
    busy = (double)(user + nice + system + interrupt + soft) / sysconf(_SC_CLK_TCK);
  fclose(file);
  return busy;
}

#endif
